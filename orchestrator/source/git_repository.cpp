// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_repository.h"

#include <fmt/format.h>

#include <system_error>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_commits = 1'000;

bool has(const std::string& output, std::string_view words) {
  return output.find(words) != std::string::npos;
}

Error not_a_repository(const std::string& name, const support::Exit& exit, const Location& at) {
  if (has(exit.output, "dubious ownership"))
    return support::input_error(
        fmt::format("{} belongs to another user, so git does not read it", name), at,
        fmt::format("if you trust it: git config --global --add safe.directory {}", name));
  if (has(exit.output, "not a git repository"))
    return support::input_error(fmt::format("{} is not a git repository", name), at,
                                "the top folder of a repository is expected, or a bare one");
  return support::input_error(fmt::format("cannot read the git repository {}", name), at,
                              git_words(exit.output));
}

/// Names of branches and tags, as one would write them.
std::vector<std::string> ref_names(GitProcess& git, const fs::path& folder) {
  const auto exit =
      git.in_repository(folder, {"for-each-ref", "--count=10000", "--format=%(refname:short)",
                                 "refs/heads", "refs/tags", "refs/remotes"});
  if (!exit || !exit->good()) return {};
  return support::split_lines(exit->output);
}

}  // namespace

Result<GitRepository> GitRepository::open(const fs::path& folder, const std::string& name,
                                          const Location& at, GitProcess git) {
  std::error_code missing;
  if (!fs::is_directory(folder, missing))
    return support::input_error(fmt::format("there is no folder {}", folder.string()), at);
  GitRepository repository(folder, name, std::move(git));
  auto exit = repository.git_.in_repository(
      folder,
      {"rev-parse", "--is-shallow-repository", "--show-object-format", "--git-path", "objects"});
  if (!exit) return exit.error();
  const auto lines = support::split_lines(exit->output);
  if (!exit->good() || lines.size() < 3) return not_a_repository(name, *exit, at);
  const auto* line = &lines[lines.size() - 3];
  repository.shallow_ = line[0] == "true";
  repository.object_format_ = line[1];
  repository.objects_ = folder / line[2];
  return repository;
}

Error GitRepository::unknown_revision(const std::string& revision, const std::string& output,
                                      const Location& at) {
  const auto shown = support::printable(revision);
  if (has(output, "is ambiguous"))
    return support::input_error(
        fmt::format("'{}' means several objects of the repository {}", shown, name_), at,
        "write more digits of the commit");
  auto hint = support::did_you_mean(revision, ref_names(git_, folder_));
  if (hint.empty() && shallow_)
    hint = "the repository is shallow: `git fetch --unshallow` gets the rest of it";
  if (hint.empty()) hint = "a branch, a tag or a commit is expected";
  return support::input_error(fmt::format("the repository {} has no revision '{}'", name_, shown),
                              at, hint);
}

Result<GitCommit> GitRepository::resolve(const std::string& revision, const Location& at) {
  GitCommit result;
  auto commit = git_.in_repository(folder_, {"rev-parse", "--verify", revision + "^{commit}"});
  if (!commit) return commit.error();
  if (commit->good()) result.commit = object_name_in(commit->output);
  if (result.commit.empty()) return unknown_revision(revision, commit->output, at);
  auto tree = git_.in_repository(folder_, {"rev-parse", "--verify", result.commit + "^{tree}"});
  if (!tree) return tree.error();
  if (tree->good()) result.tree = object_name_in(tree->output);
  if (result.tree.empty())
    return support::input_error(
        fmt::format("the repository {} lacks the tree of {}", name_, result.commit), at,
        git_words(tree->output));
  return result;
}

Result<std::vector<GitRepository::Listed>> GitRepository::list(const std::string& from,
                                                               const std::string& to) {
  auto exit = git_.in_repository(
      folder_, {"rev-list", "--topo-order", "--max-count=" + std::to_string(most_commits + 1),
                "--no-commit-header", "--format=%H %P%x09%s", to, "^" + from});
  if (!exit) return exit.error();
  if (!exit->good())
    return support::infrastructure_error("cannot list the commits of " + name_,
                                         git_words(exit->output));
  std::vector<Listed> commits;
  for (const std::string& line : support::split_lines(exit->output)) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos || !is_object_name(line.substr(0, line.find(' ')))) continue;
    Listed commit{line.substr(0, line.find(' ')), line.substr(tab + 1), {}};
    for (std::size_t at = commit.commit.size() + 1; at < tab;) {
      const auto end = std::min(line.find(' ', at), tab);
      commit.parents.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    commits.insert(commits.begin(), std::move(commit));
  }
  return commits;
}

Error GitRepository::empty_range(const spec::GitRange& range, const std::string& from,
                                 const std::string& to) {
  std::string hint = "the two are the same";
  const auto backwards = list(to, from);
  if (backwards && !backwards->empty())
    hint = fmt::format("did you mean '{}..{}'?", range.to, range.from);
  return support::input_error(
      fmt::format("there is no commit in {}..{} of {}", range.from, range.to, name_),
      range.range_at, hint);
}

Status GitRepository::check_linear(const std::vector<Listed>& commits,
                                   const spec::GitRange& range) const {
  const auto wrong = [&](std::string message, std::string hint) {
    return support::input_error(std::move(message), range.range_at, std::move(hint));
  };
  if (commits.size() > most_commits)
    return wrong(fmt::format("{}..{} has more than {} commits", range.from, range.to, most_commits),
                 "is it the right range?");
  for (const auto& commit : commits) {
    const auto called = fmt::format("commit {} ({})", commit.commit.substr(0, 12), commit.title);
    if (commit.parents.size() > 1)
      return wrong(fmt::format("{} in {}..{} is a merge", called, range.from, range.to),
                   fmt::format("a series is a line of commits: `git rebase {} {}` makes one, or "
                               "begin the range behind the merge",
                               range.from, range.to));
    if (commit.parents.empty() && shallow_)
      return wrong(fmt::format("the history of {} ends in the range {}..{}, at {}", name_,
                               range.from, range.to, called),
                   "the repository is shallow: `git fetch --unshallow` gets the rest of it");
    if (commit.parents.empty())
      return wrong(fmt::format("{} in {}..{} has no parent", called, range.from, range.to),
                   "have the two a common history?");
  }
  return {};
}

Result<spec::Patch> GitRepository::patch_of(const Listed& commit, const fs::path& file) {
  // Whatever configuration could change is said: the same commit must give the same bytes.
  auto exit = git_.in_repository(
      folder_,
      {"diff-tree", "-p", "--binary", "--full-index", "--no-renames", "--no-ext-diff",
       "--no-textconv", "--no-color", "--no-relative", "--unified=3", "--inter-hunk-context=0",
       "--diff-algorithm=myers", "--indent-heuristic", "--src-prefix=a/", "--dst-prefix=b/",
       "--submodule=short", "--output=" + file.string(), commit.parents.front(), commit.commit});
  if (!exit) return exit.error();
  if (!exit->good())
    return support::infrastructure_error(
        fmt::format("cannot make a patch of commit {} of {}", commit.commit, name_),
        git_words(exit->output));
  auto content = support::read_file(file);
  if (!content) return content.error();
  spec::Patch patch{name_ + "@" + commit.commit.substr(0, 12), std::move(*content)};
  patch.kind = spec::Patch::commit;
  patch.title = commit.title;
  return patch;
}

Result<std::vector<spec::Patch>> GitRepository::patches(const spec::GitRange& range) {
  auto from = resolve(range.from, range.range_at);
  if (!from) return from.error();
  auto to = resolve(range.to, range.range_at);
  if (!to) return to.error();
  auto commits = list(from->commit, to->commit);
  if (!commits) return commits.error();
  if (commits->empty()) return empty_range(range, from->commit, to->commit);
  KMATRIX_TRY(check_linear(*commits, range));
  auto scratch = support::TempFolder::create(fs::temp_directory_path(), "kmatrix-range");
  if (!scratch) return scratch.error();
  std::vector<spec::Patch> patches;
  for (const auto& commit : *commits) {
    auto patch = patch_of(commit, scratch->path() / "patch");
    if (!patch) return patch.error();
    // b4 keeps a cover letter as a commit that changes nothing.
    if (!patch->content.empty()) patches.push_back(std::move(*patch));
  }
  if (patches.empty())
    return support::input_error(
        fmt::format("no commit in {}..{} of {} changes anything", range.from, range.to, name_),
        range.range_at);
  return patches;
}

}  // namespace kmatrix::source
