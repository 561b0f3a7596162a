// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_repository.h"

#include <gtest/gtest.h>

#include "source/test_git.h"
#include "spec/mbox.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

class GitRepositoryTest : public testing::GitTest {
 protected:
  GitRepository open(const fs::path& folder) {
    auto opened = GitRepository::open(folder, "R", at_, {runner_, {}});
    EXPECT_TRUE(opened) << support::to_string(opened.error());
    return std::move(*opened);
  }
  GitRepository open() { return open(repository_.folder()); }

  Result<std::vector<spec::Patch>> range(const std::string& from, const std::string& to) {
    return open().patches({"R", from, to, at_, at_});
  }
  std::string range_error(const std::string& from, const std::string& to) {
    const auto patches = range(from, to);
    EXPECT_FALSE(patches);
    return patches ? "" : support::to_string(patches.error());
  }

  /// The folder that the tree of a revision was unpacked into.
  Result<fs::path> unpack(const fs::path& from, const std::string& revision) {
    auto repository = open(from);
    const auto commit = repository.resolve(revision, at_);
    if (!commit) return commit.error();
    const auto work = folder_ / ("work" + std::to_string(++unpacked_));
    EXPECT_TRUE(support::make_folders(work / "tree"));
    KMATRIX_TRY(repository.unpack(commit->tree, work, work / "tree", at_));
    return work / "tree";
  }

  const Location at_{"x.yaml", 3, 4};
  int unpacked_ = 0;
};

TEST_F(GitRepositoryTest, ResolvesBranchesTagsAndCommits) {
  const auto head = repository_.git({"rev-parse", "HEAD"});
  const auto tree = repository_.git({"rev-parse", "HEAD^{tree}"});
  auto repository = open();
  for (const auto& revision : {std::string("main"), std::string("v6.12"), head, head.substr(0, 9)})
    EXPECT_EQ(repository.resolve(revision, at_).value(), (GitCommit{head, tree})) << revision;
}

TEST_F(GitRepositoryTest, ACommitWithAnotherMessageHasTheSameTree) {
  const auto before = open().resolve("main", at_).value();
  repository_.commit("nothing but words");
  const auto after = open().resolve("main", at_).value();
  EXPECT_NE(before.commit, after.commit);
  EXPECT_EQ(before.tree, after.tree);
}

TEST_F(GitRepositoryTest, SaysWhichRevisionMayBeMeant) {
  const auto error = [&](const std::string& revision) {
    return support::to_string(open().resolve(revision, at_).error());
  };
  EXPECT_EQ(error("v6.21"),
            "x.yaml:3:4: the repository R has no revision 'v6.21' (did you mean 'v6.12'?)");
  EXPECT_EQ(error("mian"),
            "x.yaml:3:4: the repository R has no revision 'mian' (did you mean 'main'?)");
  EXPECT_EQ(error(std::string(40, 'a')), "x.yaml:3:4: the repository R has no revision '" +
                                             std::string(40, 'a') +
                                             "' (a branch, a tag or a commit is expected)");
  EXPECT_EQ(error("v6.12:Makefile").find("x.yaml:3:4: the repository R has no revision"), 0U);
}

TEST_F(GitRepositoryTest, RefusesWhatIsNoRepositoryAlsoInsideOfOne) {
  ASSERT_TRUE(support::make_folders(folder_ / "empty"));
  for (const auto& folder : {folder_ / "empty", repository_.folder() / "kernel"}) {
    const auto opened = GitRepository::open(folder, "R", at_, {runner_, {}});
    ASSERT_FALSE(opened);
    EXPECT_EQ(support::to_string(opened.error()),
              "x.yaml:3:4: R is not a git repository (the top folder of a repository is expected, "
              "or a bare one)");
  }
}

TEST_F(GitRepositoryTest, ReadsABareRepositoryAndAWorktree) {
  repository_.git({"clone", "--quiet", "--bare", ".", (folder_ / "bare.git").string()});
  repository_.git({"worktree", "add", "--quiet", (folder_ / "side").string(), "-b", "side"});
  for (const auto* name : {"bare.git", "side"}) {
    const auto tree = unpack(folder_ / name, "v6.12");
    ASSERT_TRUE(tree) << support::to_string(tree.error());
    EXPECT_EQ(content(*tree / "kernel/exit.c"), "int exit;\n");
  }
}

TEST_F(GitRepositoryTest, MakesOnePatchOfEachCommit) {
  repository_.change("kernel/exit.c", "int one;\n");
  repository_.git({"mv", "kernel/exit.c", "kernel/end.c"});
  const auto second = repository_.commit("move it");
  const auto patches = range("v6.12", "main");
  ASSERT_TRUE(patches) << support::to_string(patches.error());
  ASSERT_EQ(patches->size(), 2U);
  EXPECT_EQ((*patches)[0].title, "change kernel/exit.c");
  EXPECT_EQ((*patches)[0].content.find("diff --git a/kernel/exit.c b/kernel/exit.c\n"), 0U);
  EXPECT_EQ((*patches)[1].path, "R@" + second.substr(0, 12));
  EXPECT_NE((*patches)[1].content.find("deleted file mode"), std::string::npos);
}

TEST_F(GitRepositoryTest, LeavesOutCommitsThatChangeNothing) {
  repository_.commit("cover letter");
  repository_.change("kernel/exit.c", "int one;\n");
  EXPECT_EQ(range("v6.12", "main")->size(), 1U);
  EXPECT_EQ(range_error("v6.12", "main~1"),
            "x.yaml:3:4: no commit in v6.12..main~1 of R changes anything");
}

TEST_F(GitRepositoryTest, GivesTheSameBytesWhateverTheConfigurationSays) {
  repository_.change("kernel/fork.c", "one\n\nthree\n");
  const auto before = range("v6.12", "main").value();
  for (const auto& [key, value] :
       std::map<std::string, std::string>{{"diff.noprefix", "true"},
                                          {"diff.mnemonicPrefix", "true"},
                                          {"diff.suppressBlankEmpty", "true"},
                                          {"diff.algorithm", "patience"},
                                          {"diff.context", "0"},
                                          {"core.abbrev", "7"},
                                          {"color.ui", "always"},
                                          {"diff.renames", "copies"}})
    repository_.git({"config", key, value});
  EXPECT_EQ(range("v6.12", "main")->at(0).content, before[0].content);
}

TEST_F(GitRepositoryTest, RefusesAMergeAndSaysWhatToDo) {
  repository_.git({"checkout", "--quiet", "-b", "side"});
  repository_.change("side", "");
  repository_.git({"checkout", "--quiet", "main"});
  repository_.change("main", "");
  repository_.git({"merge", "--quiet", "--message=both", "side"});
  const auto error = range_error("v6.12", "main");
  EXPECT_NE(error.find("(both) in v6.12..main is a merge (a series is a line of commits: `git "
                       "rebase v6.12 main` makes one, or begin the range behind the merge)"),
            std::string::npos)
      << error;
}

TEST_F(GitRepositoryTest, RefusesAnEmptyRange) {
  repository_.change("kernel/exit.c", "int one;\n");
  EXPECT_EQ(range_error("main", "v6.12"),
            "x.yaml:3:4: there is no commit in main..v6.12 of R (did you mean 'v6.12..main'?)");
  EXPECT_EQ(range_error("main", "main"),
            "x.yaml:3:4: there is no commit in main..main of R (the two are the same)");
  EXPECT_NE(range_error("v6.21", "main").find("no revision 'v6.21'"), std::string::npos);
}

TEST_F(GitRepositoryTest, SaysThatAShallowHistoryEndsInTheRange) {
  for (const auto* text : {"one", "two", "three"}) repository_.change("kernel/exit.c", text);
  const auto shallow = folder_ / "shallow";
  repository_.git(
      {"clone", "--quiet", "--depth=2", "file://" + repository_.name(), shallow.string()});
  auto repository = open(shallow);
  const auto oldest = repository_.git({"rev-parse", "main~1"});
  EXPECT_EQ(repository.patches({"R", oldest, "main", at_, at_})->size(), 1U);
  const auto unknown = repository.patches({"R", "v6.12", "main", at_, at_});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().hint,
            "the repository is shallow: `git fetch --unshallow` gets the rest of it");
  testing::TestRepository other(folder_ / "other");
  const auto unrelated = other.change("x", "");
  repository_.git({"-C", shallow.string(), "fetch", "--quiet", other.name(), "main:unrelated"});
  const auto ends = repository.patches({"R", "unrelated", "main", at_, at_});
  ASSERT_FALSE(ends);
  EXPECT_NE(ends.error().message.find("the history of R ends in the range"), std::string::npos);
  EXPECT_EQ(content(*unpack(shallow, "main") / "kernel/exit.c"), "three");
}

TEST_F(GitRepositoryTest, SaysThatTwoHistoriesHaveNothingInCommon) {
  repository_.git({"checkout", "--quiet", "--orphan", "alone"});
  repository_.commit("root");
  EXPECT_NE(range_error("v6.12", "alone").find("has no parent (have the two a common history?)"),
            std::string::npos);
}

TEST_F(GitRepositoryTest, UnpacksExactlyWhatIsInTheTree) {
  repository_.git({"config", "core.autocrlf", "false"});
  repository_.write(".gitattributes",
                    "*.h export-subst\nDocumentation export-ignore\n*.bat eol=crlf text\n"
                    "ident.c ident\n*.utf16 working-tree-encoding=UTF-16LE\n*.f filter=x\n");
  repository_.write("version.h", "$Format:%H$\n");
  repository_.write("Documentation/x.rst", "words\n");
  repository_.write("run.bat", "echo\n");
  repository_.write("ident.c", "$Id$\n");
  repository_.write("x.f", "unfiltered\n");
  repository_.write("script.sh", "#!/bin/sh\n");
  fs::permissions(repository_.folder() / "script.sh", fs::perms::owner_all);
  fs::create_symlink("kernel/exit.c", repository_.folder() / "link");
  repository_.commit("attributes");
  const auto tree = unpack(repository_.folder(), "main");
  ASSERT_TRUE(tree) << support::to_string(tree.error());
  EXPECT_EQ(content(*tree / "version.h"), "$Format:%H$\n");
  EXPECT_EQ(content(*tree / "Documentation/x.rst"), "words\n");
  EXPECT_EQ(content(*tree / "run.bat"), "echo\n");
  EXPECT_EQ(content(*tree / "ident.c"), "$Id$\n");
  EXPECT_EQ(content(*tree / "x.f"), "unfiltered\n");
  EXPECT_EQ(fs::read_symlink(*tree / "link"), "kernel/exit.c");
  EXPECT_NE(fs::status(*tree / "script.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
  // git itself finds the very tree in what came out.
  testing::TestRepository again(folder_ / "again");
  fs::copy(*tree, again.folder(), fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  again.git({"-c", "core.attributesFile=/dev/null", "add", "--all", "--force"});
  EXPECT_EQ(again.git({"write-tree"}), repository_.git({"rev-parse", "main^{tree}"}));
}

TEST_F(GitRepositoryTest, RefusesLinksThatLeadOut) {
  fs::create_symlink("../../etc/passwd", repository_.folder() / "link");
  repository_.commit("escape");
  const auto tree = unpack(repository_.folder(), "main");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::input);
  EXPECT_NE(tree.error().message.find("is a link that leads out of the tree"), std::string::npos);
}

TEST_F(GitRepositoryTest, RefusesSubmodules) {
  const auto head = repository_.git({"rev-parse", "HEAD"});
  repository_.git({"update-index", "--add", "--cacheinfo", "160000," + head + ",tools/sub"});
  repository_.git({"commit", "--quiet", "--message=sub"});
  const auto tree = unpack(repository_.folder(), "main");
  ASSERT_FALSE(tree);
  EXPECT_EQ(support::to_string(tree.error()),
            "x.yaml:3:4: tools/sub is a submodule, whose files are not in the repository R (check "
            "it out with its submodules, and name it as a `folder`)");
}

TEST_F(GitRepositoryTest, SaysThatAPartialCloneLacksObjects) {
  repository_.git({"config", "uploadpack.allowFilter", "true"});
  const auto partial = folder_ / "partial";
  repository_.git({"clone", "--quiet", "--bare", "--filter=blob:none",
                   "file://" + repository_.name(), partial.string()});
  const auto tree = unpack(partial, "main");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::input);
  EXPECT_NE(tree.error().message.find("lacks objects of tree"), std::string::npos)
      << tree.error().message;
}

TEST_F(GitRepositoryTest, RunsNothingThatAHostileRepositoryNames) {
  repository_.change("kernel/exit.c", "int one;\n");
  const auto marker = folder_ / "ran";
  const auto program = folder_ / "program";
  ASSERT_TRUE(
      support::write_file(program, "#!/bin/sh\necho \"$0 $*\" >>" + marker.string() + "\ncat\n"));
  fs::permissions(program, fs::perms::owner_all);
  repository_.write(".gitattributes", "* diff=x filter=x merge=x export-subst\n");
  repository_.commit("attributes");
  for (const auto* key :
       {"core.fsmonitor", "core.pager", "pager.diff-tree", "diff.external", "diff.x.command",
        "diff.x.textconv", "filter.x.smudge", "filter.x.clean", "filter.x.process",
        "core.sshCommand", "gpg.program", "core.editor", "tar.tar.command", "core.gitProxy",
        "credential.helper", "uploadpack.packObjectsHook", "core.alternateRefsCommand"})
    repository_.git({"config", key, program.string()});
  repository_.git({"config", "log.showSignature", "true"});
  repository_.git({"config", "core.hooksPath", folder_.string()});
  for (const auto* hook : {"post-checkout", "reference-transaction", "post-index-change"})
    fs::copy(program, folder_ / hook);
  EXPECT_EQ(range("v6.12", "main")->size(), 2U);
  ASSERT_TRUE(unpack(repository_.folder(), "main"));
  // A promisor would be asked for the missing object, by a program of its choice.
  repository_.git({"config", "remote.evil.url", "ext::" + program.string() + " %S"});
  repository_.git({"config", "remote.evil.promisor", "true"});
  repository_.git({"config", "extensions.partialClone", "evil"});
  repository_.git({"config", "protocol.ext.allow", "always"});
  const auto blob = repository_.git({"rev-parse", "main:kernel/exit.c"});
  fs::permissions(repository_.folder() / ".git/objects" / blob.substr(0, 2) / blob.substr(2),
                  fs::perms::owner_all);
  fs::remove(repository_.folder() / ".git/objects" / blob.substr(0, 2) / blob.substr(2));
  EXPECT_FALSE(range("v6.12", "main"));
  EXPECT_FALSE(unpack(repository_.folder(), "main"));
  EXPECT_FALSE(fs::exists(marker)) << content(marker);
}

TEST_F(GitRepositoryTest, IsNotChangedByBeingRead) {
  repository_.change("kernel/exit.c", "int one;\n");
  const auto before = support::digest_folder(repository_.folder()).value();
  EXPECT_TRUE(range("v6.12", "main"));
  EXPECT_TRUE(unpack(repository_.folder(), "main"));
  EXPECT_EQ(support::digest_folder(repository_.folder()).value(), before);
}

TEST_F(GitRepositoryTest, AnMboxOfARangeHasThePatchesOfTheRange) {
  repository_.change("kernel/fork.c", "eins\nzwei\n");
  repository_.change("kernel/exit.c", "grün\n");
  const auto patches = range("v6.12", "main").value();
  const auto mbox = repository_.git({"format-patch", "--stdout", "--cover-letter", "--full-index",
                                     "--no-signature", "--no-renames", "v6.12..main"});
  spec::Problems problems;
  const auto mails = spec::parse_mbox(mbox + "\n", "s.mbx", at_, problems);
  EXPECT_TRUE(problems.none());
  ASSERT_EQ(mails.size(), patches.size());
  for (std::size_t i = 0; i < mails.size(); ++i) {
    EXPECT_EQ(support::trim(mails[i].content), support::trim(patches[i].content));
    EXPECT_EQ(mails[i].title, patches[i].title);
  }
}

}  // namespace
}  // namespace kmatrix::source
