// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <array>
#include <set>

#include "spec/sections.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t most_slices = 1'000;

/// An axis: its key, where a slice keeps its values, and where the names are that they come from.
struct AxisKey {
  const char* key;
  std::vector<std::string> Slice::*values;
  std::vector<std::string> Names::*known;
};

constexpr std::array<AxisKey, 5> axis_keys{{
    {"tree", &Slice::trees, &Names::trees},
    {"series", &Slice::series, &Names::series},
    {"config", &Slice::configs, &Names::configs},
    {"machine", &Slice::machines, &Names::machines},
    {"suite", &Slice::suites, &Names::suites},
}};

std::vector<std::string> read_values(const Field& field, const AxisKey& axis,
                                     const std::string& owner, const Reading& reading) {
  std::vector<std::string> values;
  std::set<std::string> seen;
  for (const auto* name : read_texts(field, "a name or a list of names", reading.problems)) {
    if (!seen.insert(name->text).second)
      reading.problems.add(name->at,
                           fmt::format("{}: {} is there twice", field.what, quote(name->text)));
    auto known = reading.names.*axis.known;
    if (axis.values == &Slice::suites)
      known.insert(known.end(), reading.names.members.begin(), reading.names.members.end());
    reading.check_reference(*name, axis.key, owner, known);
    values.push_back(name->text);
  }
  return values;
}

}  // namespace

Slice read_slice(const YamlNode& node, const std::string& owner, const Reading& reading) {
  Slice slice;
  slice.at = node.at;
  const Fields fields(node, owner, keys::slice, reading.problems);
  if (fields.is_map() && node.entries.empty())
    reading.problems.add(node.at, owner + " names no axis",
                         "name at least one of tree, series, config, machine, suite");
  for (const auto& axis : axis_keys)
    slice.*axis.values = read_values(fields.optional(axis.key), axis, owner, reading);
  return slice;
}

std::string read_line(const Field& field, std::string_view expected, Problems& problems) {
  const auto text = read_text(field, expected, problems).value_or("");
  if (!field || text.find_first_of("\n\t") == text.npos) return text;
  report_type(field, expected, problems, "it must be on one line");
  return {};
}

std::vector<const YamlNode*> read_elements(const Field& field, Problems& problems) {
  std::vector<const YamlNode*> elements;
  if (!field) return elements;
  if (field.node->kind != NodeKind::list) {
    report_type(field, "a list of mappings", problems, "put a '- ' in front of each of them");
    return elements;
  }
  if (field.node->items.size() > most_slices) {
    problems.add(field.node->at, fmt::format("{}: more than {} elements", field.what, most_slices));
    return elements;
  }
  for (const auto& item : field.node->items) elements.push_back(&item);
  return elements;
}

namespace {

std::vector<Slice> read_slices(const Field& field, const std::string& owner,
                               const Reading& reading) {
  std::vector<Slice> slices;
  for (const auto* element : read_elements(field, reading.problems))
    slices.push_back(read_slice(*element, owner, reading));
  return slices;
}

}  // namespace

void read_axes(const YamlNode* section, const Reading& reading, Experiment& experiment) {
  experiment.axes.at = {experiment.file.string(), 0, 0};
  const YamlNode none{.kind = NodeKind::map, .at = experiment.axes.at};
  const YamlNode& node = section == nullptr ? none : *section;
  const Fields fields(node, "axes", keys::axes, reading.problems);
  experiment.axes.at = node.at;
  for (const auto& axis : axis_keys) {
    const auto field = fields.optional(axis.key);
    experiment.axes.*axis.values =
        field ? read_values(field, axis, "axes", reading) : reading.names.*axis.known;
  }
  // Names that nobody knows for sure are not checked, but an axis has values all the same.
  if (experiment.axes.series.empty())
    for (const auto& series : experiment.series) experiment.axes.series.push_back(series.name);
  experiment.include = read_slices(fields.optional("include"), "an element of include", reading);
  experiment.exclude = read_slices(fields.optional("exclude"), "an element of exclude", reading);
}

std::vector<Expectation> read_expectations(const YamlNode* section, const Reading& reading) {
  std::vector<Expectation> expectations;
  for (const auto* element : read_elements({section, "the expect section"}, reading.problems)) {
    const Fields fields(*element, "an element of expect", keys::expectation, reading.problems);
    read_word(fields.required("result"), {"unavailable"}, reading.problems);
    if (const auto where = fields.required("where"))
      expectations.push_back({read_slice(*where.node, "where", reading)});
  }
  return expectations;
}

std::vector<Ignore> read_ignores(const YamlNode* section, const Reading& reading) {
  const std::string owner = "an element of ignore";
  auto& problems = reading.problems;
  std::vector<Ignore> ignores;
  for (const auto* element : read_elements({section, "the ignore section"}, problems)) {
    const Fields fields(*element, owner, keys::ignore, problems);
    Ignore ignore;
    ignore.at = element->at;
    ignore.kind =
        read_word(fields.optional("kind"), {incident_kinds.begin(), incident_kinds.end()}, problems)
            .value_or("");
    ignore.title = read_line(fields.required("title"),
                             "the title of an incident, such as \"WARNING in foo*\"", problems);
    ignore.reason = read_line(fields.required("reason"), "why it does not count", problems);
    if (const auto where = fields.optional("where"))
      ignore.where = read_slice(*where.node, "where", reading);
    ignores.push_back(std::move(ignore));
  }
  return ignores;
}

}  // namespace kmatrix::spec
