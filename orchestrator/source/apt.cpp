// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/apt.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

constexpr const char* keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// What apt must not do when it works for us: run the system's hooks after an update, read pins
/// that were made for the system, or try to become the user _apt, who cannot enter a home folder.
constexpr const char* common_config = R"(#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
)";

std::map<std::string, std::string> c_locale_environment() {
  std::map<std::string, std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view pair = *each;
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  variables["LC_ALL"] = "C";
  return variables;
}

}  // namespace

std::string apt_words(const std::string& output) {
  std::vector<std::string> said;
  for (auto& line : support::split_lines(output))
    if (line.starts_with("E:") || line.starts_with("W:")) said.push_back(std::move(line));
  if (said.size() > 3) said.resize(3);
  return support::printable(said.empty() ? support::last_lines(output, 3)
                                         : support::join(said, "; "));
}

Apt::Apt(fs::path cache, support::ProcessRunner& runner, std::function<void(std::string)> say,
         std::stop_token stop)
    : cache_(std::move(cache)), runner_(runner), say_(std::move(say)), stop_(std::move(stop)) {}

Result<support::Exit> Apt::run(const std::string& program, const View& view,
                               std::vector<std::string> arguments) {
  support::Command command;
  command.argv = {program, "-c", view.config.string()};
  command.argv.insert(command.argv.end(), std::make_move_iterator(arguments.begin()),
                      std::make_move_iterator(arguments.end()));
  command.env = c_locale_environment();
  command.stop = stop_;
  return runner_.run(command);
}

Result<Apt::View> Apt::write_view(const std::string& name, const std::string& words,
                                  const std::string& config) {
  const fs::path folder = cache_ / "apt" / name;
  KMATRIX_TRY(support::make_folders(folder / "state"));
  KMATRIX_TRY(support::make_folders(folder / "cache/archives/partial"));
  // What is installed on this machine has no say in what the archive offers.
  KMATRIX_TRY(support::write_file(folder / "status", ""));
  KMATRIX_TRY(support::write_file(
      folder / "apt.conf",
      common_config +
          fmt::format("Dir::State::status \"{0}/status\";\nDir::Cache \"{0}/cache\";\n",
                      folder.string()) +
          config));
  return View{folder / "apt.conf", words};
}

Result<Apt::View> Apt::machine(bool own_lists) {
  const std::string words = "the machine's apt sources";
  if (!own_lists) return write_view("machine", words, "");
  return write_view(
      "machine-fresh", words,
      fmt::format("Dir::State \"{}\";\n", (cache_ / "apt/machine-fresh/state").string()));
}

Result<std::string> Apt::mirror(const std::string& suite) {
  const bool security = suite.ends_with("-security");
  const std::string label = security ? "|Debian-Security" : "|Debian";
  const std::string tail = security ? "/debian-security/|" : "/debian/|";
  auto view = machine(false);
  if (!view) return view.error();
  std::string by_tail;
  // Without downloaded indexes only the second form says anything, and knows no labels.
  for (const char* option : {"--release-info", "--no-release-info"}) {
    auto exit = run("apt-get", *view, {"indextargets", option, "--format", "$(REPO_URI)|$(LABEL)"});
    if (!exit) return exit.error();
    for (const auto& line : support::split_lines(exit->output)) {
      if (line.ends_with(label)) return line.substr(0, line.size() - label.size());
      if (by_tail.empty() && line.find(tail) != std::string::npos)
        by_tail = line.substr(0, line.find('|'));
    }
  }
  if (!by_tail.empty()) return by_tail;
  return support::infrastructure_error(
      "apt has no Debian mirror from which a suite could be taken",
      "add one to /etc/apt/sources.list.d, or use a folder or tarball as the tree");
}

Result<Apt::View> Apt::suite(const std::string& suite_name) {
  auto uri = mirror(suite_name);
  if (!uri) return uri.error();
  std::string name = "suite-" + suite_name;
  std::replace(name.begin(), name.end(), '/', '_');
  const fs::path folder = cache_ / "apt" / name;
  std::error_code missing;
  const std::string options =
      fs::exists(keyring, missing) ? fmt::format("[signed-by={}] ", keyring) : "";
  KMATRIX_TRY(support::write_file(folder / "sources.list",
                                  fmt::format("deb {}{} {} main\n", options, *uri, suite_name)));
  return write_view(name, fmt::format("{} of {}", suite_name, *uri),
                    fmt::format("Dir::State \"{0}/state\";\n"
                                "Dir::Etc::sourcelist \"{0}/sources.list\";\n"
                                "Dir::Etc::sourceparts \"/dev/null\";\n",
                                folder.string()));
}

Status Apt::update(const View& view) {
  say_(fmt::format("fetching the package index of {}", view.words));
  auto exit = run("apt-get", view, {"update"});
  if (!exit) return exit.error();
  if (exit->good()) return {};
  if (exit->output.find("does not have a Release file") != std::string::npos)
    return support::input_error(fmt::format("there is no suite {}", view.words), {},
                                apt_words(exit->output));
  return support::infrastructure_error(
      fmt::format("cannot fetch the package index of {}: {}", view.words, apt_words(exit->output)),
      "check the network, and apt's proxy settings");
}

}  // namespace kmatrix::source
