// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/test_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kmatrix::spec {

namespace {

/// "v7.2/direct-calls": a tree, and a series on it.
struct Source {
  std::string tree, series;
};
Source parse_source(const std::string& text) {  // "v7.2/base" is "v7.2"
  const auto slash = text.find('/');
  if (slash == text.npos) return {text, base_series};
  return {text.substr(0, slash), text.substr(slash + 1)};
}

/// '/' would be a folder in the name of a cell.
std::string to_string(const Source& source) {
  return source.series == base_series ? source.tree : source.tree + "+" + source.series;
}

std::string member_name(const std::string& suite, const std::string& source) {
  return suite + "@" + to_string(parse_source(source));
}

YamlNode part_of(const YamlNode& node, const std::string& text) {
  YamlNode part;
  part.kind = NodeKind::scalar;
  part.text = text;
  part.at = node.at;
  return part;
}

/// "NAME@own" is the suite NAME.
std::string member_meant(const std::string& name) {
  const auto at = name.find('@');
  return at != name.npos && name.substr(at + 1) == own_tests ? name.substr(0, at) : name;
}

void expand(const Experiment& experiment, std::vector<std::string>& names) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& name) {
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  };
  for (const auto& name : names) {
    const auto wanted = member_meant(name);
    bool any = false;
    for (const auto& suite : experiment.suites) {
      const bool whole_family = wanted == name && suite.family == wanted;
      if (suite.name != wanted && !whole_family) continue;
      add(suite.name);
      any = true;
    }
    if (!any) add(name);  // an unknown one, which has been reported
  }
  names = std::move(all);
}

}  // namespace

std::vector<Suite> with_test_sources(const Suite& suite, const Field& tests,
                                     const Reading& reading) {
  if (!tests) return {suite};
  const bool can = suite.runner == RunnerKind::ftracetest || suite.runner == RunnerKind::kselftest;
  if (!can) {
    reading.problems.add(
        tests.node->at,
        fmt::format("{} goes with runner: ftracetest or kselftest only", tests.what),
        "what other runners run is built with the kernel, or not from its tree");
    return {suite};
  }
  std::vector<Suite> members;
  std::set<std::string> seen;
  for (const auto* word :
       read_texts(tests, "'own', TREE, TREE/SERIES or a list of these", reading.problems)) {
    if (!seen.insert(to_string(parse_source(word->text))).second)
      reading.problems.add(word->at,
                           fmt::format("{}: '{}' is there twice", tests.what, word->text));
    members.push_back(suite);
    if (word->text == own_tests) continue;
    auto& member = members.back();
    const auto source = parse_source(word->text);
    reading.check_reference(part_of(*word, source.tree), "tree", tests.what, reading.names.trees);
    if (source.series != base_series)
      reading.check_reference(part_of(*word, source.series), "series", tests.what,
                              reading.names.series);
    member.name = member_name(suite.name, word->text);
    member.tests_tree = source.tree;
    member.tests_series = source.series;
    member.at = word->at;
  }
  return members;
}

std::vector<std::string> names_of_members(const YamlNode* suites) {
  std::vector<std::string> names;
  if (suites == nullptr || suites->kind != NodeKind::map) return names;
  for (const auto& entry : suites->entries) {
    const auto* tests = entry.value.find("tests");
    if (tests == nullptr) continue;
    if (tests->kind == NodeKind::scalar) names.push_back(member_name(entry.key, tests->text));
    for (const auto& item : tests->items) names.push_back(member_name(entry.key, item.text));
  }
  return names;
}

void resolve_test_sources(Experiment& experiment, Problems& problems) {
  for (const auto& suite : experiment.suites) {
    const auto* series = find(experiment.series, suite.tests_series);
    if (suite.tests_tree.empty() || series == nullptr) continue;
    if (series->patches_for(suite.tests_tree) == nullptr)
      problems.add(suite.at, fmt::format("series '{}' has no patches for tree '{}'", series->name,
                                         suite.tests_tree));
  }
  const auto each = [&](Slice& slice) { expand(experiment, slice.suites); };
  each(experiment.axes);
  for (auto* slices : {&experiment.include, &experiment.exclude})
    for (auto& slice : *slices) each(slice);
  for (auto& expectation : experiment.expect) each(expectation.where);
  for (auto& ignore : experiment.ignore) each(ignore.where);
  for (auto& claim : experiment.claims) {
    each(claim.where);
    for (auto& name : claim.as.suites) name = member_meant(name);
  }
}

}  // namespace kmatrix::spec
