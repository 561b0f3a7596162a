// SPDX-License-Identifier: GPL-2.0-or-later
// A checkout or `git archive` changes content on its way: export-subst, export-ignore, line ends,
// filters, $Id$. So git runs with a repository folder of our own, which has no configuration but an
// info/attributes that switches all of them off and comes before what the tree says, and borrows
// the objects. What comes out is a tar archive, and goes the way of all archives: unpack_tree
// refuses what points outside.
#include <fmt/format.h>

#include <system_error>

#include "source/git_repository.h"
#include "source/unpack.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

Status make_reader(const fs::path& folder, const std::string& object_format) {
  const bool is_sha1 = object_format.empty() || object_format == "sha1";
  KMATRIX_TRY(support::make_folders(folder / "objects"));
  KMATRIX_TRY(support::make_folders(folder / "refs"));
  KMATRIX_TRY(support::write_file(folder / "HEAD", "ref: refs/heads/none\n"));
  KMATRIX_TRY(support::write_file(
      folder / "config", is_sha1
                             ? "[core]\n\tbare = true\n\trepositoryformatversion = 0\n"
                             : fmt::format("[core]\n\tbare = true\n\trepositoryformatversion = 1\n"
                                           "[extensions]\n\tobjectFormat = {}\n",
                                           object_format)));
  return support::write_file(folder / "info/attributes",
                             "* -export-subst -export-ignore -text -eol -crlf -ident -filter "
                             "-working-tree-encoding\n");
}

bool lacks_objects(const std::string& output) {
  for (const char* words : {"unable to read", "missing blob", "not a tree object", "not a valid",
                            "cannot read", "could not fetch", "unable to find"})
    if (output.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

Status GitRepository::refuse_submodules(const std::string& tree, const Location& at) {
  auto exit = git_.in_repository(folder_, {"ls-tree", "-r", "-z", "--full-tree", tree});
  if (!exit) return exit.error();
  std::string_view rest = exit->output;
  while (!rest.empty()) {
    const auto entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (!entry.starts_with("160000 ")) continue;
    return support::input_error(
        fmt::format("{} is a submodule, whose files are not in the repository {}",
                    support::printable(entry.substr(entry.find('\t') + 1)), name_),
        at, "check it out with its submodules, and name it as a `folder`");
  }
  return {};
}

Status GitRepository::unpack(const std::string& tree, const fs::path& scratch, const fs::path& into,
                             const Location& at) {
  KMATRIX_TRY(refuse_submodules(tree, at));
  const fs::path reader = scratch / "reader";
  KMATRIX_TRY(make_reader(reader, object_format_));
  const std::string called = "git-" + tree.substr(0, 12);
  const fs::path archive = scratch / (called + ".tar");
  std::error_code failure;
  const fs::path objects = fs::canonical(objects_, failure);
  auto exit = git_.on_objects(reader, failure ? objects_ : objects,
                              {"archive", "--format=tar", "--prefix=" + called + "/",
                               "--output=" + archive.string(), tree});
  if (!exit) return exit.error();
  if (!exit->good() && lacks_objects(exit->output))
    return support::input_error(
        fmt::format("the repository {} lacks objects of tree {}", name_, tree), at,
        "is it a partial clone? " + git_words(exit->output));
  if (!exit->good())
    return support::infrastructure_error("cannot read the tree " + tree + " of " + name_,
                                         git_words(exit->output));
  KMATRIX_TRY(unpack_tree(archive, into, at, git_.stop()));
  fs::remove(archive, failure);
  return {};
}

}  // namespace kmatrix::source
