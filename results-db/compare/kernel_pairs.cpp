// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/kernel_pairs.h"

#include <algorithm>
#include <array>
#include <optional>

#include "support/text.h"

namespace kmatrix::compare {

namespace {

using store::KernelRow;
using Coordinate = std::string KernelRow::*;

struct NamedAxis {
  const char* name;
  Coordinate coordinate;
};
constexpr std::array<NamedAxis, 3> kernel_axes{
    {{"tree", &KernelRow::tree}, {"series", &KernelRow::series}, {"config", &KernelRow::config}}};

Result<Coordinate> find_axis(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& axis : kernel_axes) {
    if (name == axis.name) return axis.coordinate;
    names.emplace_back(axis.name);
  }
  const auto hint = support::did_you_mean(name, names);
  return support::input_error("kernels have no axis '" + name + "'", {},
                              hint.empty() ? "theirs are " + support::join(names, ", ") : hint);
}

struct Condition {
  Coordinate axis;
  std::vector<std::string> values;
};

Result<Condition> parse(const std::vector<KernelRow>& kernels, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return support::input_error("'" + text + "' is not of the form AXIS=VALUE[,VALUE...]", {},
                                "for example config=clang-cfi");
  const auto axis = find_axis(text.substr(0, equals));
  if (!axis) return axis.error();
  std::vector<std::string> known(kernels.size());
  std::transform(kernels.begin(), kernels.end(), known.begin(),
                 [&](const KernelRow& kernel) { return kernel.*(*axis); });
  Condition condition{*axis, {}};
  for (std::size_t begin = equals + 1; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    condition.values.push_back(text.substr(begin, end - begin));
    if (std::count(known.begin(), known.end(), condition.values.back()) == 0)
      return support::input_error(
          "no kernel of the run has " + text.substr(0, equals + 1) + condition.values.back(), {},
          support::did_you_mean(condition.values.back(), known));
    begin = end + 1;
  }
  return condition;
}

/// "v6.12/clang-nocfi": the coordinates beside the compared one.
std::string shared_name(const KernelRow& kernel, Coordinate compared) {
  std::vector<std::string> parts;
  for (const auto& axis : kernel_axes)
    if (axis.coordinate != compared) parts.push_back(kernel.*axis.coordinate);
  // As in the names of kernels: arm64 is what is meant where nothing is said.
  if (kernel.arch != "arm64") parts.push_back(kernel.arch);
  return support::join(parts, "/");
}

}  // namespace

Result<std::vector<KernelPair>> pair_kernels(const std::vector<KernelRow>& kernels,
                                             const std::string& axis,
                                             const std::vector<std::string>& where) {
  const auto compared = find_axis(axis);
  if (!compared) return compared.error();
  std::vector<Condition> conditions;
  for (const auto& text : where) {
    auto condition = parse(kernels, text);
    if (!condition) return condition.error();
    conditions.push_back(std::move(*condition));
  }
  std::vector<std::pair<std::string, const KernelRow*>> firsts;
  std::vector<KernelPair> pairs;
  for (const auto& kernel : kernels) {
    const auto holds = [&](const Condition& each) {
      return std::count(each.values.begin(), each.values.end(), kernel.*each.axis) > 0;
    };
    if (!std::all_of(conditions.begin(), conditions.end(), holds)) continue;
    const auto name = shared_name(kernel, *compared);
    const auto first = std::find_if(firsts.begin(), firsts.end(),
                                    [&](const auto& each) { return each.first == name; });
    if (first == firsts.end()) {
      firsts.emplace_back(name, &kernel);
    } else {
      pairs.push_back(
          {name, first->second->*(*compared), kernel.*(*compared), *first->second, kernel});
    }
  }
  if (pairs.empty())
    return support::input_error("no two of these kernels differ in " + axis + " alone", {},
                                "kmatrix show lists the kernels of a run");
  return pairs;
}

}  // namespace kmatrix::compare
