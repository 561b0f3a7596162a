// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/kernel_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <vector>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

/// The value of "NAME = value" in a Makefile, "" if it is not there.
std::string make_variable(const std::vector<std::string>& lines, std::string_view name) {
  for (std::string_view line : lines) {
    if (!line.starts_with(name)) continue;
    const auto rest = support::trim(line.substr(name.size()));
    if (rest.starts_with('=')) return std::string(support::trim(rest.substr(1)));
  }
  return "";
}

/// What makes kbuild say that the source tree is not clean; empty if nothing does.
fs::path trace_of_a_build(const fs::path& folder) {
  std::error_code ignored;
  for (const char* name : {".config", "include/config", "include/generated"})
    if (fs::exists(folder / name, ignored)) return name;
  for (fs::directory_iterator walk(folder / "arch", ignored), end; !ignored && walk != end;
       walk.increment(ignored)) {
    std::error_code missing;
    const fs::path generated = walk->path() / "include/generated";
    if (fs::exists(generated, missing)) return generated.lexically_relative(folder);
  }
  return {};
}

fs::path joined(const fs::path& root, const std::vector<fs::path>& parts) {
  fs::path path = root;
  for (const auto& part : parts) path /= part;
  return path;
}

}  // namespace

Result<std::string> kernel_release(const fs::path& folder, const Location& at) {
  const auto wrong = [&](std::string_view reason) {
    return support::input_error(fmt::format("this is not a Linux kernel tree: {}", reason), at,
                                "expected the top folder of a kernel source");
  };
  std::error_code missing;
  if (!fs::is_regular_file(folder / "Makefile", missing)) return wrong("it has no Makefile");
  if (!fs::is_regular_file(folder / "Kconfig", missing)) return wrong("it has no Kconfig");
  auto makefile = support::read_file(folder / "Makefile");
  if (!makefile) return makefile.error();
  const auto lines = support::split_lines(*makefile);
  const std::string version = make_variable(lines, "VERSION");
  const std::string patchlevel = make_variable(lines, "PATCHLEVEL");
  if (version.empty() || patchlevel.empty())
    return wrong("its Makefile sets no VERSION and PATCHLEVEL");
  const std::string sublevel = make_variable(lines, "SUBLEVEL");
  return version + "." + patchlevel + (sublevel.empty() ? "" : "." + sublevel) +
         make_variable(lines, "EXTRAVERSION");
}

Status refuse_built_folder(const fs::path& folder, const Location& at) {
  const fs::path trace = trace_of_a_build(folder);
  if (trace.empty()) return {};
  return support::input_error(
      fmt::format("a kernel has been built in {}: it has {}", folder.string(), trace.string()), at,
      "run 'make mrproper' there");
}

bool leads_outside(const fs::path& root, const fs::path& name) {
  constexpr int most_links = 40;  // as in Linux, path_resolution(7)
  std::vector<fs::path> pending(name.begin(), name.end());
  std::reverse(pending.begin(), pending.end());
  std::vector<fs::path> reached;
  for (int links = 0; !pending.empty();) {
    const fs::path part = std::move(pending.back());
    pending.pop_back();
    if (part.is_absolute()) return true;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (reached.empty()) return true;
      reached.pop_back();
      continue;
    }
    reached.push_back(part);
    std::error_code no_link;
    const fs::path target = fs::read_symlink(joined(root, reached), no_link);
    if (no_link) continue;
    if (++links > most_links) return true;
    reached.pop_back();
    const std::vector<fs::path> parts(target.begin(), target.end());
    pending.insert(pending.end(), parts.rbegin(), parts.rend());
  }
  return false;
}

}  // namespace kmatrix::source
