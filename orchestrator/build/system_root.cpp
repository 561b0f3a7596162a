// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/system_root.h"

#include <algorithm>
#include <array>
#include <system_error>

namespace kmatrix::build {

namespace fs = std::filesystem;

namespace {

/// What `path` of the system below `root` is once its links are followed, those that are absolute
/// from the system's own root; empty if it does not exist.
fs::path followed(const fs::path& root, fs::path path) {
  constexpr int most_links = 20;
  std::error_code failure;
  for (int i = 0; i < most_links; ++i) {
    const auto target = fs::read_symlink(root / path.relative_path(), failure);
    if (failure) break;
    path = (path.parent_path() / target).lexically_normal();
  }
  return fs::is_regular_file(root / path.relative_path(), failure) ? path : fs::path();
}

/// The sandbox has these folders alone, and /etc/alternatives.
bool is_inside(const fs::path& path) {
  constexpr std::array<std::string_view, 3> folders = {"/usr/", "/bin/", "/sbin/"};
  return std::any_of(folders.begin(), folders.end(),
                     [&](auto folder) { return path.string().starts_with(folder); });
}

}  // namespace

fs::path SystemRoot::find(const std::string& program) const {
  for (std::string_view rest = sandbox_path; !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    const fs::path candidate = fs::path(rest.substr(0, end)) / program;
    const auto file = followed(is_host() ? "/" : folder_, candidate);
    if (!file.empty() && is_inside(file)) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::vector<std::string> SystemRoot::sandbox() const {
  const fs::path root = is_host() ? "/" : folder_;
  std::vector<std::string> argv{"bwrap",         "--unshare-user-try",
                                "--unshare-net", "--unshare-pid",
                                "--unshare-ipc", "--unshare-uts",
                                "--cap-drop",    "ALL",
                                "--hostname",    "kmatrix",
                                "--new-session", "--die-with-parent",
                                "--ro-bind",     (root / "usr").string(),
                                "/usr"};
  // The folders that a merged-/usr system has as links.
  for (const std::string folder : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
    std::error_code failure;
    const fs::path from = root / folder;
    if (fs::is_symlink(from, failure)) {
      argv.insert(argv.end(),
                  {"--symlink", fs::read_symlink(from, failure).string(), "/" + folder});
    } else if (fs::is_directory(from, failure)) {
      argv.insert(argv.end(), {"--ro-bind", from.string(), "/" + folder});
    }
  }
  for (const std::string file : {"etc/alternatives", "etc/ld.so.cache"})
    argv.insert(argv.end(), {"--ro-bind-try", (root / file).string(), "/" + file});
  argv.insert(argv.end(), {"--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"});
  return argv;
}

}  // namespace kmatrix::build
