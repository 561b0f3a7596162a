// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/estimate.h"

#include <algorithm>
#include <optional>

namespace kmatrix::run {

using support::Seconds;

namespace {

constexpr Seconds kernel_guess(600), cell_guess(60);

template <class Row>
std::optional<Seconds> newest(const std::vector<Row>& rows, const std::string& name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  if (found == rows.end()) return std::nullopt;
  return found->took;
}

/// The median of the rows that are alike; nullopt: none is.
template <class Row, class Alike>
std::optional<Seconds> median(const std::vector<Row>& rows, const Alike& alike) {
  std::vector<Seconds> times;
  for (const auto& row : rows)
    if (alike(row)) times.push_back(row.took);
  if (times.empty()) return std::nullopt;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

const auto any = [](const auto&) { return true; };

/// What the builds would have taken with so many objects.
std::vector<History::Kernel> with_objects(std::vector<History::Kernel> rows, int objects) {
  for (auto& row : rows)
    if (objects > 0 && row.objects > 0) row.took *= static_cast<double>(objects) / row.objects;
  return rows;
}

Seconds estimate(const plan::PlannedKernel& kernel, const std::vector<History::Kernel>& rows) {
  if (const auto same = newest(rows, kernel.name)) return *same;
  const auto config = [&](const auto& row) { return row.config == kernel.config; };
  if (const auto like = median(rows, config)) return *like;
  return median(rows, any).value_or(kernel_guess);
}

std::optional<Seconds> estimate_selftests(const std::string& kernel, const std::string& suite,
                                          const std::vector<History::Selftests>& rows) {
  const auto same = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return row.kernel == kernel && row.suite == suite;
  });
  if (same != rows.end()) return same->took;
  return median(rows, [&](const auto& row) { return row.suite == suite; });
}

Seconds estimate(const plan::PlannedCell& cell, const std::vector<History::Cell>& rows) {
  if (const auto same = newest(rows, cell.name)) return *same;
  const auto suite = [&](const auto& row) { return row.suite == cell.suite; };
  const auto machine = [&](const auto& row) { return suite(row) && row.machine == cell.machine; };
  if (const auto like = median(rows, machine)) return *like;
  if (const auto like = median(rows, suite)) return *like;
  return median(rows, any).value_or(cell_guess);
}

}  // namespace

Estimates estimate(const plan::Matrix& matrix, const History& history,
                   const std::vector<int>& objects) {
  Estimates estimates;
  for (std::size_t i = 0; i < matrix.kernels.size(); ++i)
    estimates.kernels.push_back(estimate(
        matrix.kernels[i], with_objects(history.kernels, i < objects.size() ? objects[i] : 0)));
  for (const auto& cell : matrix.cells) {
    estimates.cells.push_back(estimate(cell, history.cells));
    estimates.selftests.push_back(
        estimate_selftests(matrix.kernels[cell.kernel].name, cell.suite, history.selftests)
            .value_or(estimates.kernels[cell.kernel]));
  }
  return estimates;
}

Seconds corrected(Seconds expected, const std::vector<Pace>& seen) {
  std::vector<double> factors;
  for (const auto& pace : seen)
    if (pace.expected > Seconds(0)) factors.push_back(pace.took / pace.expected);
  if (factors.empty()) return expected;
  const auto middle = factors.begin() + static_cast<std::ptrdiff_t>(factors.size() / 2);
  std::nth_element(factors.begin(), middle, factors.end());
  // A median of one or two may be anything.
  constexpr double most = 20;
  return expected * std::clamp(*middle, 1 / most, most);
}

std::vector<double> weights_of(const std::vector<std::string>& names, const CaseTimes& took) {
  std::vector<double> weights(names.size(), 1);
  Seconds sum(0);
  int known = 0;
  for (const auto& name : names)
    if (const auto found = took.find(name); found != took.end()) {
      sum += found->second;
      ++known;
    }
  if (sum <= Seconds(0)) return weights;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto found = took.find(names[i]); found != took.end())
      weights[i] = found->second / sum * known;
  return weights;
}

Seconds time_left(Seconds expected, Seconds spent, Part part) {
  // What takes longer than it should will hardly be over at once.
  const Seconds by_time = std::max(expected - spent, spent / 10);
  // The first ones say little of the others, but more than a time that is over.
  constexpr double enough = 50, few = 5;
  const auto [done, all] = part;
  const double least = std::min(spent > expected ? few : enough, all / 20);
  // Weights that add up to all may miss it by a rounding.
  if (done <= least || all + 0.5 < done) return by_time;
  // After the last object the kernel is linked, and the modules are.
  constexpr double linking = 0.05;
  const double share = std::min(done / all, 1.0);
  const Seconds by_part = spent * (1 - share) / share + expected * linking;
  const double weight = spent > expected ? 1 : std::min(1.0, 2 * share);
  return by_part * weight + by_time * (1 - weight);
}

}  // namespace kmatrix::run
