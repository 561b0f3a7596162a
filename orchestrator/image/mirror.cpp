// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/mirror.h"

#include "support/text.h"

namespace kmatrix::image {

namespace {
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const auto bar = line.find('|');
    const auto field = line.substr(0, bar);
    fields.emplace_back(field.starts_with("$(") ? std::string_view() : field);
    if (bar == std::string_view::npos) return fields;
    line.remove_prefix(bar + 1);
  }
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  for (const auto prefix : prefixes)
    if (text.starts_with(prefix)) return true;
  return false;
}
}  // namespace

std::string choose_mirror(std::string_view lines, std::string_view suite) {
  std::string any;
  for (const auto& line : support::split_lines(lines)) {
    const auto fields = fields_of(line);
    if (fields.size() != 6 || fields[5].empty()) continue;
    const auto& [origin, label, codename, release] =
        std::tie(fields[1], fields[2], fields[3], fields[4]);
    const bool debian = origin == "Debian" && label == "Debian";
    // Without a downloaded Release file apt knows only what its sources say.
    const bool unknown = origin.empty() && label.empty();
    if ((debian || unknown) && (codename == suite || release == suite)) return fields[5];
    if (debian && any.empty()) any = fields[5];
  }
  return any;
}

std::vector<std::string> fetch_options(std::string_view dump) {
  std::vector<std::string> options;
  for (const auto& line : support::split_lines(dump)) {
    if (line.find("\"\";") != std::string::npos) continue;
    if (starts_with_any(line, {"Acquire::http::", "Acquire::https::", "Acquire::Retries ",
                               "Acquire::Check-Valid-Until ", "Acquire::Check-Date "}))
      options.push_back(line);
  }
  return options;
}

Result<PackageSource> package_source(const std::string& suite, support::ProcessRunner& runner,
                                     std::stop_token stop) {
  support::Command targets{.argv = {"apt-get", "indextargets", "--format", mirror_format}};
  targets.stop = stop;
  auto lines = support::run_checked(runner, targets);
  if (!lines) return support::with_context(std::move(lines), "asking apt for a mirror").error();
  support::Command dump{.argv = {"apt-config", "dump"}};
  dump.stop = stop;
  auto options = support::run_checked(runner, dump);
  if (!options) return std::move(options).error();
  PackageSource source{choose_mirror(*lines, suite), fetch_options(*options)};
  if (source.mirror.empty())
    return support::infrastructure_error(
        "apt on this machine knows no Debian archive to take the suite " + suite + " from",
        "add one to /etc/apt/sources.list.d and run `apt-get update`");
  return source;
}

}  // namespace kmatrix::image
