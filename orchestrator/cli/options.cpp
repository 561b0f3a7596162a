// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/exit_code.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace fs = std::filesystem;

namespace {

fs::path home() {
  if (const char* const set = std::getenv("HOME"); set != nullptr && *set != '\0') return set;
  const passwd* const user = getpwuid(getuid());
  return user != nullptr ? user->pw_dir : "/";
}

/// The specification wants relative values to be ignored.
fs::path xdg(const char* variable, const fs::path& fallback) {
  const char* const set = std::getenv(variable);
  return set != nullptr && *set == '/' ? fs::path(set) : fallback;
}

}  // namespace

fs::path default_db() {
  return xdg("XDG_STATE_HOME", home() / ".local/state") / "kmatrix/results.db";
}

fs::path default_cache() { return xdg("XDG_CACHE_HOME", home() / ".cache") / "kmatrix"; }

fs::path run_folder(const fs::path& db, std::int64_t run) {
  fs::path folder = db;
  folder.replace_extension(".runs");
  return folder / std::to_string(run);
}

std::string own_command(const GlobalOptions& global) {
  std::string command = "kmatrix";
  if (global.db != default_db()) command += " --db " + global.db.string();
  if (global.cache != default_cache()) command += " --cache " + global.cache.string();
  return command;
}

Result<fs::path> runtime_folder() {
  // The names of UNIX sockets have at most 107 characters, and libvirt's are long.
  constexpr std::size_t longest = 28;
  auto folder = xdg("XDG_RUNTIME_DIR", "") / "kmatrix";
  if (!folder.is_absolute() || folder.native().size() > longest)
    folder = "/tmp/kmatrix-" + std::to_string(getuid());
  mkdir(folder.c_str(), 0700);
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
      status.st_uid != getuid() || (status.st_mode & 0022) != 0) {
    return support::infrastructure_error(
        folder.string() + " is not a folder of this user alone",
        "remove it, or set XDG_RUNTIME_DIR to a short folder of yours");
  }
  return folder;
}

int write_out(const fs::path& file, const std::string& text) {
  if (file.empty()) {
    fmt::print("{}", text);
  } else if (const auto written = support::write_file(file, text); !written) {
    return fail(written.error());
  }
  return exit_good;
}

int fail(const Error& error) {
  if (error.kind == ErrorKind::interrupted) {
    fmt::print(stderr, "kmatrix: interrupted\n");
  } else {
    fmt::print(stderr, "kmatrix: error: {}\n", support::printable(to_string(error)));
  }
  return exit_code(error.kind);
}

int fail(const std::vector<Error>& errors) {
  int code = exit_good;
  for (const auto& error : errors) {
    const int this_code = fail(error);
    if (code == exit_good || this_code > code) code = this_code;
  }
  return code;
}

}  // namespace kmatrix::cli
