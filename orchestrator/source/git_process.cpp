// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_process.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

/// Of git's variables only those count that say how to reach other machines, and where the user's
/// own configuration is: kmatrix may run in a hook, where GIT_DIR and others are set.
bool is_kept(std::string_view name) {
  constexpr std::array kept{"GIT_SSH",   "GIT_ASKPASS",        "GIT_SSL",
                            "GIT_HTTP",  "GIT_CONFIG_GLOBAL",  "GIT_CONFIG_SYSTEM",
                            "GIT_PROXY", "GIT_CONFIG_NOSYSTEM"};
  if (!name.starts_with("GIT_")) return true;
  return std::any_of(kept.begin(), kept.end(),
                     [&](const char* prefix) { return name.starts_with(prefix); });
}

/// These beat the same keys of the repository.
constexpr std::array<std::array<const char*, 2>, 5> settings{{
    {"core.fsmonitor", "false"},
    {"core.hooksPath", "/dev/null"},
    {"core.attributesFile", "/dev/null"},
    {"diff.suppressBlankEmpty", "false"},
    {"i18n.logOutputEncoding", "UTF-8"},
}};

std::map<std::string, std::string> quiet_environment() {
  std::map<std::string, std::string> result;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view text = *each;
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals != std::string_view::npos && is_kept(name))
      result.emplace(name, text.substr(equals + 1));
  }
  result["LC_ALL"] = "C";
  result["GIT_TERMINAL_PROMPT"] = "0";
  result["GIT_OPTIONAL_LOCKS"] = "0";
  result["GIT_NO_LAZY_FETCH"] = "1";
  result["GIT_NO_REPLACE_OBJECTS"] = "1";
  result["GIT_PAGER"] = "cat";
  result["GIT_CONFIG_COUNT"] = std::to_string(settings.size());
  for (std::size_t i = 0; i < settings.size(); ++i) {
    result["GIT_CONFIG_KEY_" + std::to_string(i)] = settings[i][0];
    result["GIT_CONFIG_VALUE_" + std::to_string(i)] = settings[i][1];
  }
  return result;
}

/// No protocol has this name: nothing is fetched, whatever asks for it.
constexpr const char* no_protocol = "none";

}  // namespace

Result<support::Exit> GitProcess::run(const fs::path& folder, Environment environment,
                                      const std::vector<std::string>& arguments) {
  support::Command command;
  command.argv = {"git", "--no-pager"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.cwd = folder;
  command.stop = stop_;
  command.env = std::move(environment);
  return runner_.run(command);
}

Result<support::Exit> GitProcess::in_repository(const fs::path& folder,
                                                const std::vector<std::string>& arguments) {
  auto environment = quiet_environment();
  std::error_code ignored;
  environment["GIT_CEILING_DIRECTORIES"] = fs::canonical(folder, ignored).parent_path().string();
  environment["GIT_ALLOW_PROTOCOL"] = no_protocol;
  return run(folder, std::move(environment), arguments);
}

Result<support::Exit> GitProcess::in_folder(const fs::path& folder,
                                            const std::vector<std::string>& arguments) {
  auto environment = quiet_environment();
  environment["GIT_ALLOW_PROTOCOL"] = no_protocol;
  return run(folder, std::move(environment), arguments);
}

Result<support::Exit> GitProcess::on_objects(const fs::path& git_dir, const fs::path& objects,
                                             const std::vector<std::string>& arguments) {
  auto environment = quiet_environment();
  environment["GIT_ALLOW_PROTOCOL"] = no_protocol;
  environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["GIT_ATTR_NOSYSTEM"] = "1";
  environment["GIT_DIR"] = git_dir.string();
  environment["GIT_OBJECT_DIRECTORY"] = objects.string();
  return run(git_dir, std::move(environment), arguments);
}

Result<support::Exit> GitProcess::with_network(const fs::path& git_dir,
                                               const std::vector<std::string>& arguments) {
  auto environment = quiet_environment();
  environment["GIT_ALLOW_PROTOCOL"] = "https:http:git:ssh:file";
  environment["GIT_DIR"] = git_dir.string();
  return run(git_dir, std::move(environment), arguments);
}

std::string git_words(const std::string& output) {
  constexpr std::size_t most = 3;
  std::vector<std::string> words;
  for (const auto& line : support::split_lines(output)) {
    const auto text = support::trim(std::string_view(line).substr(0, line.find('\r')));
    if (text.empty() || text.starts_with("hint:") || words.size() >= most) continue;
    words.emplace_back(text.substr(0, 300));
  }
  return "git says: " + support::printable(support::join(words, "; "));
}

bool is_object_name(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string object_name_in(const std::string& output) {
  for (const auto& line : support::split_lines(output))
    if (is_object_name(line)) return line;
  return "";
}

}  // namespace kmatrix::source
