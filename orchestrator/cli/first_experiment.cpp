// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/first_experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "support/text.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 50;
constexpr std::size_t most_titles = 20;

bool is_plain(char c, std::string_view others) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != others.npos;
}

/// A name of an experiment's tree or series made of whatever people call it.
std::string name_of(std::string_view text, const std::string& otherwise) {
  std::string name;
  for (const char c : text.substr(0, longest_name)) name += is_plain(c, "._+-") ? c : '-';
  name.erase(0, name.find_first_not_of("._+-"));
  return name.empty() || name == "base" ? otherwise : name;
}

/// A text as a YAML scalar.
std::string scalar(const std::string& text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c, "._+-/^~@"); }) &&
      !text.empty() && is_plain(text.front(), "./"))
    return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

/// The repository as the experiment names it.
std::string repository_of(const fs::path& top, const fs::path& folder) {
  const auto from_top = folder.lexically_relative(top);
  const bool inside = !from_top.empty() && *from_top.begin() != "..";
  return scalar(inside ? top.lexically_relative(folder).string() : top.string());
}

std::string list_of(const std::vector<std::string>& titles) {
  std::string text;
  for (std::size_t i = 0; i < titles.size() && i < most_titles; ++i)
    text += fmt::format("  #   {}. {}\n", i + 1, support::printable(titles[i]));
  if (titles.size() > most_titles)
    text += fmt::format("  #   and {} more\n", titles.size() - most_titles);
  return text;
}

/// Its fields: file, name, count, base, tree, repository, revision, series, titles, range,
/// toolchain, toolchain_yaml.
constexpr std::string_view first_text =
    R"(# Written by `kmatrix init`; it is yours to change. Then:
#   kmatrix check {file}    is it good?
#   kmatrix plan {file}     what would be built, and why?
#   kmatrix run {file}      build, boot and test it
#   kmatrix compare --axis series
# docs/experiments.md of kmatrix describes every key.
kmatrix: 1
name: {name}
description: {count} on top of {base}

# What the series is for. More trees make more kernels: a second base, say.
trees:
  {tree}: {{git: {repository}, revision: {revision}}}

# `base` is always there as well: the tree without any patch.
series:
{titles}  {series}:
    git: {repository}
    range: {range}
    # true: also each first part of the series. Does every commit build, boot and pass?
    prefixes: false

toolchains:
  {toolchain}: {toolchain_yaml}

# A kernel's .config is the smallest that can run the experiment: what the machine, the guest and the
# suites need is added by itself. Say here what your series is about.
configs:
  small:
    toolchain: {toolchain}
    # set: {{MY_FEATURE: y}}
    # expect: {{MY_FEATURE: y}}      what must have come out, or nothing is built

machines:
  arm64-tcg: {{arch: arm64, accel: tcg, cpus: 2, memory_mib: 1024}}

# "kmatrix:" is what kmatrix ships; a fragment says what a suite needs of a kernel.
suites:
  boot: {{runner: boot}}
  # ftrace-direct:
  #   runner: ftracetest
  #   select: ["direct/*"]
  #   fragments: [kmatrix:fragments/ftrace-direct.config]
  #   case_timeout_s: 300
  # ftrace-samples:
  #   runner: samples
  #   fragments: [kmatrix:fragments/ftrace-samples.config]
)";

}  // namespace

std::string first_experiment(const source::GitSurvey& survey, const FirstToolchain& toolchain,
                             const fs::path& folder, const std::string& file) {
  const auto count = survey.titles.size();
  const auto series = name_of(survey.tip, "series");
  return fmt::format(first_text, fmt::arg("file", file), fmt::arg("name", series),
                     fmt::arg("count", count == 1 ? "1 patch" : fmt::format("{} patches", count)),
                     fmt::arg("base", name_of(survey.base_name, "base")),
                     fmt::arg("tree", name_of(survey.base_name, "tree")),
                     fmt::arg("repository", repository_of(survey.top, folder)),
                     fmt::arg("revision", scalar(survey.base)), fmt::arg("series", series),
                     fmt::arg("titles", list_of(survey.titles)),
                     fmt::arg("range", scalar(survey.base + ".." + survey.tip)),
                     fmt::arg("toolchain", toolchain.name),
                     fmt::arg("toolchain_yaml", toolchain.yaml));
}

}  // namespace kmatrix::cli
