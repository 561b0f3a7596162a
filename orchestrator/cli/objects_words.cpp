// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/objects_words.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

#include "report/words.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using build::Likeness;
using build::ObjectComparison;
using nlohmann::ordered_json;
using report::count_of;
using report::text_or_null;

const char* words_of(Likeness likeness) {
  switch (likeness) {
    case Likeness::identical:
      return "identical";
    case Likeness::same_loaded:
      return "the same but for debug information";
    case Likeness::same_code:
      return "the same code";
    case Likeness::different:
      break;
  }
  return "different";
}

std::string kernel_words(const compare::KernelPair& pair) {
  return fmt::format("{}, {} -> {}", report::line_of(pair.name), report::line_of(pair.a_value),
                     report::line_of(pair.b_value));
}

ordered_json differing_json(const ObjectComparison& comparison) {
  auto list = ordered_json::array();
  for (const auto& each : comparison.differing)
    list.push_back({{"path", text_or_null(each.path)},
                    {"how", to_string(each.likeness)},
                    {"diff", text_or_null(each.diff)}});
  return list;
}

ordered_json paths_json(const std::vector<std::string>& paths) {
  auto list = ordered_json::array();
  for (const auto& path : paths) list.push_back(text_or_null(path));
  return list;
}

ordered_json pair_json(const ComparedPair& pair) {
  const auto side = [](const std::string& value, const store::KernelRow& kernel) {
    return ordered_json{{"value", text_or_null(value)}, {"kernel", text_or_null(kernel.name)}};
  };
  ordered_json record{{"name", text_or_null(pair.kernels.name)},
                      {"a", side(pair.kernels.a_value, pair.kernels.a)},
                      {"b", side(pair.kernels.b_value, pair.kernels.b)},
                      {"problem", nullptr},
                      {"objects", nullptr},
                      {"identical", nullptr},
                      {"differing", nullptr},
                      {"only_a", nullptr},
                      {"only_b", nullptr}};
  if (pair.problem) record["problem"] = text_or_null(to_string(*pair.problem));
  if (!pair.comparison) return record;
  record["objects"] = pair.comparison->objects;
  record["identical"] = pair.comparison->identical;
  record["differing"] = differing_json(*pair.comparison);
  record["only_a"] = paths_json(pair.comparison->only_a);
  record["only_b"] = paths_json(pair.comparison->only_b);
  return record;
}

}  // namespace

std::string summary_of(const ObjectComparison& comparison) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  };
  add(comparison.identical, "identical");
  add(comparison.count(Likeness::same_loaded), "the same but for debug information");
  add(comparison.count(Likeness::same_code), "with the same code");
  add(comparison.count(Likeness::different), "different");
  auto text = count_of(comparison.objects, "object");
  if (!parts.empty()) text += ": " + support::join(parts, ", ");
  const auto alone = comparison.only_a.size() + comparison.only_b.size();
  if (alone > 0) text += fmt::format("; {} of one build alone", alone);
  return text;
}

std::string pair_text(const ComparedPair& pair) {
  const auto head = kernel_words(pair.kernels);
  if (!pair.comparison) return head + ": not compared\n";
  std::string text = head + ": " + summary_of(*pair.comparison) + "\n";
  report::Table table;
  for (const auto& each : pair.comparison->differing)
    table.add({"  " + report::line_of(each.path), words_of(each.likeness)});
  const auto add_alone = [&](const std::vector<std::string>& paths, const std::string& value) {
    for (const auto& path : paths)
      table.add({"  " + report::line_of(path), "only in " + report::line_of(value)});
  };
  add_alone(pair.comparison->only_a, pair.kernels.a_value);
  add_alone(pair.comparison->only_b, pair.kernels.b_value);
  text += table.render(false);
  for (const auto& each : pair.comparison->differing)
    if (!each.diff.empty()) text += "\n" + support::printable(each.diff);
  return text;
}

ordered_json objects_json(store::RunId run, const std::string& axis,
                          const std::vector<ComparedPair>& pairs) {
  auto list = ordered_json::array();
  for (const auto& pair : pairs) list.push_back(pair_json(pair));
  return {{"run", run.value}, {"axis", text_or_null(axis)}, {"pairs", std::move(list)}};
}

}  // namespace kmatrix::cli
