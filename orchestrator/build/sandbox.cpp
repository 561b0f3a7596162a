// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/sandbox.h"

#include "support/digest.h"
#include "support/file.h"

namespace kmatrix::build {

namespace {

// Anything that finds its way into a kernel is fixed, so that the same inputs give the same bytes.
// 1577836800 is the timestamp beside it.
const std::map<std::string, std::string>& fixed_environment() {
  static const std::map<std::string, std::string> variables{
      {"PATH", std::string(sandbox_path)},
      {"HOME", "/build"},
      {"LC_ALL", "C"},
      {"TZ", "UTC"},
      {"KBUILD_BUILD_USER", "kmatrix"},
      {"KBUILD_BUILD_HOST", "kmatrix"},
      {"KBUILD_BUILD_VERSION", "1"},
      {"KBUILD_BUILD_TIMESTAMP", "Wed Jan  1 00:00:00 UTC 2020"},
      {"SOURCE_DATE_EPOCH", "1577836800"},
      {"CCACHE_DIR", "/ccache"},
      {"CCACHE_MAXSIZE", "5G"},
  };
  return variables;
}

/// What /dev/random and /dev/urandom give: always the same, and then an end.
constexpr const char* random_file = ".kmatrix-random";
std::string fixed_randomness() {
  std::string bytes;
  for (int i = 0; i < 64; ++i)
    bytes += support::digest_of("kmatrix randomness " + std::to_string(i)).hex;
  return bytes;
}

// What the build writes must not have other modes for another user.
constexpr const char* with_umask = "umask 022; exec \"$0\" \"$@\"";

}  // namespace

Sandbox::Sandbox(SystemRoot system, Folders folders, std::string compiler,
                 support::ProcessRunner& runner, std::stop_token stop)
    : system_(std::move(system)),
      folders_(std::move(folders)),
      compiler_(std::move(compiler)),
      runner_(runner),
      stop_(std::move(stop)) {}

std::vector<std::string> Sandbox::wrap(const std::vector<std::string>& program,
                                       const std::map<std::string, std::string>& variables) const {
  auto argv = system_.sandbox();
  for (const std::string device : {"/dev/random", "/dev/urandom"})
    argv.insert(argv.end(), {"--ro-bind", (folders_.build / random_file).string(), device});
  argv.insert(argv.end(), {"--ro-bind", folders_.source.string(), "/src"});
  for (const auto& [place, copy] : folders_.over)
    argv.insert(argv.end(), {"--bind", copy.string(), "/src/" + place});
  argv.insert(argv.end(), {"--bind", folders_.build.string(), "/build"});
  argv.insert(argv.end(), {"--bind", folders_.ccache.string(), "/ccache"});
  argv.insert(argv.end(), {"--chdir", "/build", "--clearenv"});
  auto environment = fixed_environment();
  // Not the digest of the compiler's file: with Debian's LLVM the work is done by shared libraries.
  environment["CCACHE_COMPILERCHECK"] = "string:" + compiler_;
  for (const auto& [name, value] : variables) environment[name] = value;
  for (const auto& [name, value] : environment) argv.insert(argv.end(), {"--setenv", name, value});
  argv.insert(argv.end(), {"--", "/bin/sh", "-c", with_umask});
  argv.insert(argv.end(), program.begin(), program.end());
  return argv;
}

Result<int> Sandbox::run(const std::vector<std::string>& program,
                         const std::map<std::string, std::string>& variables,
                         const std::function<void(std::string_view)>& on_output) const {
  KMATRIX_TRY(support::make_folders(folders_.ccache));
  KMATRIX_TRY(support::write_file(folders_.build / random_file, fixed_randomness()));
  std::string head;
  support::Command command;
  command.argv = wrap(program, variables);
  command.stop = stop_;
  command.on_output = [&](std::string_view piece) {
    if (head.size() < 1024) head.append(piece.substr(0, 1024 - head.size()));
    on_output(piece);
  };
  auto exit = runner_.run(command);
  if (!exit) return exit.error();
  // bubblewrap has no exit code of its own for "could not start"; it says so before anything else.
  if (!exit->good() && head.starts_with("bwrap: "))
    return support::infrastructure_error(
        "the build sandbox does not start: " + head.substr(0, head.find('\n')),
        "bubblewrap needs user namespaces: sysctl user.max_user_namespaces and "
        "kernel.unprivileged_userns_clone");
  return exit->code;
}

}  // namespace kmatrix::build
