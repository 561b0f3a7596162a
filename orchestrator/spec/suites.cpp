// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "spec/files.h"
#include "spec/fragment.h"
#include "spec/sections.h"
#include "spec/test_sources.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_list = 1 << 20;
constexpr int most_shards = 64;

/// A key of one runner alone.
struct Owned {
  const char* key;
  RunnerKind runner;
};
constexpr Owned owned[] = {{"targets", RunnerKind::kselftest},
                           {"files", RunnerKind::script},
                           {"cases", RunnerKind::script},
                           {"protocol", RunnerKind::script}};

std::optional<RunnerKind> read_runner(const Field& field, Problems& problems) {
  constexpr std::array kinds = {RunnerKind::boot,       RunnerKind::ftracetest, RunnerKind::samples,
                                RunnerKind::test_progs, RunnerKind::kselftest,  RunnerKind::script};
  Keys words;
  for (const auto kind : kinds) words.push_back(to_string(kind));
  const auto word = read_word(field, words, problems);
  if (!word) return std::nullopt;
  return kinds.at(
      static_cast<std::size_t>(std::find(words.begin(), words.end(), *word) - words.begin()));
}

/// Files with a pattern a line and # comments, as tools/testing/selftests/bpf/DENYLIST. Those of
/// the kernel's tree can be read only where it is.
void read_deny_files(const Field& field, Suite& suite, const Reading& reading) {
  for (const auto* name : read_texts(field, "a file or a list of files", reading.problems)) {
    if (const auto in_tree = path_in_tree(*name, reading.problems)) {
      if (!in_tree->empty()) suite.tree_deny_files.push_back(*in_tree);
      continue;
    }
    auto text = read_input(reading.path(name->text), "list of cases", longest_list, name->at);
    if (!text) {
      reading.problems.add(std::move(text).error());
      continue;
    }
    for (auto& pattern : parse_pattern_list(*text)) suite.deny.push_back(std::move(pattern));
  }
}

void read_targets(const Field& field, Suite& suite, const Reading& reading) {
  for (const auto* name :
       read_texts(field, "a folder below tools/testing/selftests, or a list", reading.problems)) {
    const bool good = stays_below(name->text) && is_word(name->text, "._+-/");
    if (good)
      suite.targets.push_back(name->text);
    else
      report_type({name, field.what}, "a folder below tools/testing/selftests, such as timers",
                  reading.problems);
  }
}

void read_files(const Field& field, Suite& suite, const Reading& reading) {
  for (const auto* name : read_texts(field, "a path or a list of paths", reading.problems)) {
    auto path = reading.path(name->text);
    if (!path.has_filename()) path = path.parent_path();
    std::error_code failure;
    check_path(path, "file of the suite", fs::is_directory(path, failure), name->at,
               reading.problems);
    const auto same = [&](const fs::path& other) { return other.filename() == path.filename(); };
    if (std::any_of(suite.files.begin(), suite.files.end(), same))
      reading.problems.add(name->at, fmt::format("another file of the suite is called {} as well",
                                                 quote(path.filename().string())));
    suite.files.push_back(path);
  }
}

void read_cases(const Field& field, Suite& suite, Problems& problems) {
  if (!field) return;
  if (field.node->kind != NodeKind::map || field.node->entries.empty())
    return report_type(field, "a mapping of names to commands", problems);
  for (const auto& entry : field.node->entries) {
    check_name(entry.key, entry.at, "a case", problems);
    const auto command =
        read_text({&entry.value, "case " + quote(entry.key)}, "a command for /bin/sh", problems);
    if (command) suite.cases.push_back({entry.key, *command});
  }
}

/// Reports keys of another runner, and what this one lacks.
void check_keys(const Fields& fields, const Suite& suite, const Entry& entry, Problems& problems) {
  for (const auto& each : owned)
    if (const auto field = fields.optional(each.key); field && each.runner != suite.runner)
      problems.add(field.node->at,
                   fmt::format("{} goes with runner: {} only", field.what, to_string(each.runner)));
  const auto needs = [&](RunnerKind runner, const char* key) {
    if (suite.runner == runner && !fields.optional(key) && !fields.is_misspelt(key))
      problems.add(entry.at, fmt::format("suite {} lacks {}", quote(suite.name), quote(key)));
  };
  needs(RunnerKind::kselftest, "targets");
  needs(RunnerKind::script, "cases");
}

Suite read_suite(const Entry& entry, const Fields& fields, const Reading& reading) {
  auto& problems = reading.problems;
  Suite suite;
  suite.name = suite.family = entry.key;
  suite.at = entry.at;
  if (const auto runner = read_runner(fields.required("runner"), problems)) {
    suite.runner = *runner;
    check_keys(fields, suite, entry, problems);
  }
  read_patterns(fields.optional("select"), suite.select, problems);
  read_patterns(fields.optional("deny"), suite.deny, problems);
  read_deny_files(fields.optional("deny_files"), suite, reading);
  read_targets(fields.optional("targets"), suite, reading);
  read_files(fields.optional("files"), suite, reading);
  read_cases(fields.optional("cases"), suite, problems);
  const auto protocol = read_word(fields.optional("protocol"), {"auto", "ktap", "exit"}, problems);
  if (protocol == "ktap") suite.protocol = Protocol::ktap;
  if (protocol == "exit") suite.protocol = Protocol::exit;
  auto fragments = read_fragments(fields.optional("fragments"), reading);
  suite.needs = std::move(fragments.requests);
  suite.tree_fragments = std::move(fragments.of_tree);
  suite.shards = read_number(fields.optional("shards"), 1, most_shards, problems).value_or(1);
  if (const auto seconds = read_number(fields.optional("case_timeout_s"), 1, 86'400, problems))
    suite.case_timeout = std::chrono::seconds(*seconds);
  return suite;
}

}  // namespace

std::vector<std::string> parse_pattern_list(const std::string& text) {
  std::vector<std::string> patterns;
  for (const auto& line : support::split_lines(text)) {
    const auto pattern = support::trim(std::string_view(line).substr(0, line.find('#')));
    if (!pattern.empty()) patterns.emplace_back(pattern);
  }
  return patterns;
}

std::vector<Suite> read_suites(const YamlNode* section, const Reading& reading) {
  std::vector<Suite> suites;
  const auto read = [&](const Entry& entry, const Fields& fields) {
    const auto suite = read_suite(entry, fields, reading);
    for (auto& member : with_test_sources(suite, fields.optional("tests"), reading))
      suites.push_back(std::move(member));
  };
  for_each_named({section, "suites", "suite", keys::suite}, reading, read);
  return suites;
}

}  // namespace kmatrix::spec
