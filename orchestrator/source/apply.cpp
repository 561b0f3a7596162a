// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/apply.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "source/kernel_tree.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

constexpr const char* patch_name = "now.patch";

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path == nullptr ? "/usr/bin:/bin" : path;
}

/// The first lines of what git said, on one line.
std::string git_words(std::string_view output) {
  constexpr std::size_t most = 4;
  auto lines = support::split_lines(output);
  if (lines.size() > most) lines.resize(most);
  return "git apply says: " + support::printable(support::join(lines, "; "));
}

/// A full disk and the like, which is not the patch's fault.
bool is_trouble_of_the_machine(std::string_view output) {
  for (const char* words : {"unable to write file", "No space left on device", "unable to create"})
    if (output.find(words) != std::string_view::npos) return true;
  return false;
}

/// A line of a patch, as a place in the file that it is from.
Location place_in(const spec::Patch& patch, int line) {
  return {patch.path.string(), line == 0 ? 0 : line + patch.first_line - 1, 0};
}

Status refuse_unsafe_names(const spec::Patch& patch, const PatchOutline& outline) {
  if (outline.unsafe.empty()) return {};
  const auto& first = outline.unsafe.front();
  return support::input_error(
      fmt::format("'{}' is outside of the source tree", support::printable(first.name)),
      place_in(patch, first.line), "a patch may only change files of the tree");
}

Status refuse_escaping_links(const spec::Patch& patch, const PatchOutline& outline,
                             const fs::path& folder) {
  for (const auto& file : outline.files) {
    std::error_code missing;
    if (file.new_name.empty() || !fs::is_symlink(folder / file.new_name, missing)) continue;
    if (leads_outside(folder, file.new_name))
      return support::input_error(
          fmt::format("the link {} leads out of the source tree", file.new_name),
          place_in(patch, file.line));
  }
  return {};
}

std::string which(const std::vector<spec::Patch>& patches, std::size_t index) {
  const auto& title = patches[index].title;
  return fmt::format("while applying patch {} of {}{}", index + 1, patches.size(),
                     title.empty() ? "" : ", " + title);
}

/// A name in git's quotes with escapes in it is not the name in the tree.
bool is_hard_to_read(const PatchOutline& outline) {
  for (const auto& file : outline.files)
    for (const auto& name : {file.old_name, file.new_name})
      if (name.find('\\') != std::string::npos) return true;
  return false;
}

/// Makes what is at `name` in the tree, or in front of it, appear in `stage` too.
Status stage_file(const fs::path& name, const fs::path& tree, const fs::path& stage) {
  fs::path reached;
  for (const auto& part : name) {
    reached /= part;
    std::error_code failure;
    const auto kind = fs::symlink_status(tree / reached, failure).type();
    if (kind == fs::file_type::not_found) return {};
    if (kind == fs::file_type::directory) {
      fs::create_directory(stage / reached, failure);
    } else if (fs::symlink_status(stage / reached, failure).type() == fs::file_type::not_found) {
      fs::create_hard_link(tree / reached, stage / reached, failure);
    }
    if (failure)
      return support::infrastructure_error("cannot create " + (stage / reached).string() + ": " +
                                           failure.message());
    if (kind != fs::file_type::directory) return {};
  }
  return {};
}

Status stage_files(const PatchOutline& outline, const fs::path& tree, const fs::path& stage) {
  for (const auto& file : outline.files) {
    KMATRIX_TRY(stage_file(file.old_name, tree, stage));
    KMATRIX_TRY(stage_file(file.new_name, tree, stage));
  }
  return {};
}

}  // namespace

Result<support::Exit> PatchApplier::git_apply(const fs::path& folder,
                                              const std::vector<std::string>& options) {
  std::error_code ignored;
  support::Command command;
  command.argv = {"git", "apply", "-p1", "--whitespace=nowarn"};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  command.argv.push_back((scratch_ / patch_name).string());
  command.cwd = folder;
  command.stop = stop_;
  // Inside of a repository `git apply` looks at names from its top, and skips what is not below the
  // current folder without a word.
  command.env = {{"PATH", path_variable()},
                 {"LC_ALL", "C"},
                 {"GIT_DIR", (scratch_ / "no-repository").string()},
                 {"GIT_CEILING_DIRECTORIES", fs::canonical(folder, ignored).parent_path().string()},
                 {"GIT_CONFIG_GLOBAL", "/dev/null"},
                 {"GIT_CONFIG_NOSYSTEM", "1"}};
  return runner_.run(command);
}

Status PatchApplier::change(const spec::Patch& patch, const PatchOutline& outline,
                            const fs::path& folder) {
  KMATRIX_TRY(refuse_unsafe_names(patch, outline));
  KMATRIX_TRY(support::write_file(scratch_ / patch_name, patch.content));
  auto exit = git_apply(folder, {});
  if (!exit) return exit.error();
  if (exit->good()) return {};
  if (is_trouble_of_the_machine(exit->output))
    return support::infrastructure_error("cannot apply " + patch.path.string() + ": " +
                                         git_words(exit->output));
  const ApplyFailure failure = explain_failure(outline, exit->output);
  std::string message = support::printable(failure.message);
  auto backwards = git_apply(folder, {"--check", "--reverse"});
  if (!backwards) return backwards.error();
  if (backwards->good()) message += ": the tree has this change already";
  return support::input_error(std::move(message), place_in(patch, failure.line),
                              git_words(exit->output));
}

Status PatchApplier::apply(const std::vector<spec::Patch>& patches, const fs::path& folder) {
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const PatchOutline outline = outline_patch(patches[i].content);
    Status applied = change(patches[i], outline, folder);
    if (applied) applied = refuse_escaping_links(patches[i], outline, folder);
    KMATRIX_TRY(support::with_context(std::move(applied), which(patches, i)));
  }
  return {};
}

Status PatchApplier::rehearse(const std::vector<spec::Patch>& patches, const fs::path& tree) {
  const fs::path stage = scratch_ / "rehearsal";
  KMATRIX_TRY(support::make_folders(stage));
  std::vector<PatchOutline> outlines;
  for (const auto& patch : patches) {
    outlines.push_back(outline_patch(patch.content));
    if (is_hard_to_read(outlines.back())) return {};
    if (outlines.back().unsafe.empty()) KMATRIX_TRY(stage_files(outlines.back(), tree, stage));
  }
  for (std::size_t i = 0; i < patches.size(); ++i)
    KMATRIX_TRY(support::with_context(change(patches[i], outlines[i], stage), which(patches, i)));
  return {};
}

}  // namespace kmatrix::source
