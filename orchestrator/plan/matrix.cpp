// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "plan/compose.h"
#include "support/text.h"

// Expansion works on coordinates: five indices, one an axis, into lists of names that begin with
// the axis' own values and go on with the names that only an `include` mentions. A sorted set of
// coordinates therefore is the list of cells, each once and in axis order, whatever order `include`
// adds them in. Kernels are the distinct (tree, series, config, architecture) in that order.
namespace kmatrix::plan {

namespace {

using Coordinates = std::array<std::uint32_t, 5>;
using Names = std::vector<std::string>;

/// The bound on an experiment's size: far above what anybody can run, and it keeps a wrong or
/// hostile file from eating all memory.
constexpr std::size_t max_cells = 100'000;

std::array<const Names*, 5> lists_of(const spec::Slice& slice) {
  return {&slice.trees, &slice.series, &slice.configs, &slice.machines, &slice.suites};
}

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What one axis can be: its own values first, then those of `include`, in order of appearance.
struct Axis {
  Names names;
  std::size_t own = 0;

  std::vector<std::uint32_t> indices(const Names& chosen) const {
    std::vector<std::uint32_t> result;
    for (std::size_t i = 0; i < (chosen.empty() ? own : names.size()); ++i)
      if (chosen.empty() || contains(chosen, names[i]))
        result.push_back(static_cast<std::uint32_t>(i));
    return result;
  }
};

class Expansion {
 public:
  Expansion(const spec::Experiment& experiment, const std::vector<PlatformSymbols>& platforms)
      : experiment_(experiment), platforms_(platforms) {}

  Expanded expand() {
    collect_axes();
    add(experiment_.axes);
    for (const auto& slice : experiment_.include) add(slice);
    if (!expanded_.errors.empty()) return std::move(expanded_);
    std::erase_if(chosen_, [&](const Coordinates& at) { return excluded(at); });
    if (chosen_.empty()) return fail(no_cell());
    check_series();
    check_architectures();
    if (!expanded_.errors.empty()) return std::move(expanded_);
    make_cells();
    compose_kernels();
    return std::move(expanded_);
  }

 private:
  static Error input_error(std::string message, Location at, std::string hint = {}) {
    return support::input_error(std::move(message), std::move(at), std::move(hint));
  }

  Expanded fail(Error error) {
    expanded_.errors.push_back(std::move(error));
    return std::move(expanded_);
  }

  Error no_cell() const {
    if (experiment_.exclude.empty())
      return input_error("the experiment has no cell", experiment_.axes.at);
    return input_error("the experiment has no cell: `exclude` removes all of them",
                       experiment_.exclude.front().at);
  }

  void collect_axes() {
    const auto own = lists_of(experiment_.axes);
    for (std::size_t i = 0; i < axes_.size(); ++i) axes_[i] = {*own[i], own[i]->size()};
    for (const auto& slice : experiment_.include) {
      const auto lists = lists_of(slice);
      for (std::size_t i = 0; i < axes_.size(); ++i)
        for (const auto& name : *lists[i])
          if (!contains(axes_[i].names, name)) axes_[i].names.push_back(name);
    }
  }

  void add(const spec::Slice& slice) {
    const auto lists = lists_of(slice);
    std::array<std::vector<std::uint32_t>, 5> values;
    std::size_t product = 1;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = axes_[i].indices(*lists[i]);
      product = std::min(product * values[i].size(), max_cells + 1);
    }
    if (product + chosen_.size() > max_cells) {
      expanded_.errors.push_back(
          input_error(fmt::format("the experiment has more than {} cells", max_cells), slice.at,
                      "name fewer values on the axes"));
      return;
    }
    for (const auto tree : values[0])
      for (const auto series : values[1])
        for (const auto config : values[2])
          for (const auto machine : values[3])
            for (const auto suite : values[4])
              chosen_.insert({tree, series, config, machine, suite});
  }

  const std::string& name(const Coordinates& at, std::size_t axis) const {
    return axes_[axis].names[at[axis]];
  }

  bool matches(const spec::Slice& slice, const Coordinates& at) const {
    const auto lists = lists_of(slice);
    for (std::size_t i = 0; i < lists.size(); ++i)
      if (!lists[i]->empty() && !contains(*lists[i], name(at, i))) return false;
    return true;
  }

  bool excluded(const Coordinates& at) const {
    return std::any_of(experiment_.exclude.begin(), experiment_.exclude.end(),
                       [&](const spec::Slice& slice) { return matches(slice, at); });
  }

  void check_series() {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const auto& at : chosen_) {
      if (!seen.insert({at[0], at[1]}).second) continue;
      const auto* series = spec::find(experiment_.series, name(at, 1));
      if (series == nullptr || series->patches_for(name(at, 0)) != nullptr) continue;
      expanded_.errors.push_back(input_error(
          fmt::format("series '{}' has no patches for tree '{}'", name(at, 1), name(at, 0)),
          series->at,
          fmt::format("give it a folder for that tree, or exclude {{tree: {}, series: {}}}",
                      name(at, 0), name(at, 1))));
    }
  }

  void check_architectures() {
    std::set<std::string> seen;
    for (const auto& at : chosen_) {
      const auto* machine = spec::find(experiment_.machines, name(at, 3));
      if (machine == nullptr || !seen.insert(machine->arch).second || platform(machine->arch))
        continue;
      Names known;
      for (const auto& each : platforms_) known.push_back(each.arch);
      expanded_.errors.push_back(
          input_error(fmt::format("machine '{}': nothing is known about the architecture '{}'",
                                  machine->name, machine->arch),
                      machine->at, "known are: " + support::join(known, ", ")));
    }
  }

  const PlatformSymbols* platform(const std::string& arch) const {
    for (const auto& each : platforms_)
      if (each.arch == arch) return &each;
    return nullptr;
  }

  std::string arch_of(const Coordinates& at) const {
    const auto* machine = spec::find(experiment_.machines, name(at, 3));
    return machine == nullptr ? "arm64" : machine->arch;
  }

  void make_cells() {
    std::map<std::string, std::size_t> kernels;
    for (const auto& at : chosen_) {
      PlannedCell cell;
      cell.name = fmt::format("{}/{}/{}/{}/{}", name(at, 0), name(at, 1), name(at, 2), name(at, 3),
                              name(at, 4));
      auto kernel = kernel_of(at);
      const auto [found, is_new] = kernels.emplace(kernel.name, expanded_.matrix.kernels.size());
      if (is_new) expanded_.matrix.kernels.push_back(std::move(kernel));
      cell.kernel = found->second;
      cell.machine = name(at, 3);
      cell.suite = name(at, 4);
      cell.expect_unavailable =
          std::any_of(experiment_.expect.begin(), experiment_.expect.end(),
                      [&](const spec::Expectation& each) { return matches(each.where, at); });
      for (std::size_t i = 0; i < experiment_.ignore.size(); ++i)
        if (matches(experiment_.ignore[i].where, at)) cell.ignore.push_back(i);
      expanded_.matrix.cells.push_back(std::move(cell));
    }
  }

  PlannedKernel kernel_of(const Coordinates& at) const {
    PlannedKernel kernel;
    kernel.tree = name(at, 0);
    kernel.series = name(at, 1);
    kernel.config = name(at, 2);
    kernel.arch = arch_of(at);
    kernel.name = fmt::format("{}/{}/{}", kernel.tree, kernel.series, kernel.config);
    if (kernel.arch != "arm64") kernel.name += "/" + kernel.arch;
    return kernel;
  }

  void compose_kernels() {
    const auto suites = suites_by_kernel();
    std::map<std::string, std::pair<Error, Names>> contradictions;
    Names order;
    for (std::size_t i = 0; i < suites.size(); ++i) {
      auto& kernel = expanded_.matrix.kernels[i];
      auto composition = compose(askers_of(kernel, suites[i]));
      kernel.symbols = std::move(composition.symbols);
      add_tree_fragments(kernel, suites[i]);
      for (const auto& each : composition.contradictions) {
        auto error = to_error(each);
        const auto key = support::to_string(error);
        const auto [found, is_new] = contradictions.try_emplace(key, std::move(error), Names{});
        if (is_new) order.push_back(key);
        found->second.second.push_back(kernel.name);
      }
    }
    for (const auto& key : order)
      report(contradictions.at(key).first, contradictions.at(key).second);
  }

  void add_tree_fragments(PlannedKernel& kernel,
                          const std::map<std::uint32_t, bool>& suites) const {
    const auto add = [&](const std::vector<spec::TreeFragment>& fragments, OriginKind kind,
                         const std::string& name) {
      for (const auto& each : fragments) {
        const auto same = [&](const PlannedFragment& other) { return other.path == each.path; };
        auto& all = kernel.tree_fragments;
        if (std::none_of(all.begin(), all.end(), same))
          all.push_back({each.path, kind, name, each.at});
      }
    };
    for (const auto& [index, yields] : suites)
      if (const auto* suite = spec::find(experiment_.suites, axes_[4].names[index]))
        add(suite->tree_fragments, OriginKind::suite, "suite " + suite->name);
    if (const auto* config = spec::find(experiment_.configs, kernel.config))
      add(config->tree_fragments, OriginKind::config, "config " + config->name);
  }

  void report(Error error, const Names& kernels) {
    auto context = "while composing the config of " + kernels.front();
    if (kernels.size() > 1) context += fmt::format(" and {} more", kernels.size() - 1);
    error.context.push_back(std::move(context));
    expanded_.errors.push_back(std::move(error));
  }

  /// For each kernel its suites in axis order, and whether all cells with them may be unavailable.
  std::vector<std::map<std::uint32_t, bool>> suites_by_kernel() const {
    std::vector<std::map<std::uint32_t, bool>> result(expanded_.matrix.kernels.size());
    auto cell = expanded_.matrix.cells.begin();
    for (const auto& at : chosen_) {
      const auto [found, is_new] = result[cell->kernel].emplace(at[4], true);
      found->second = found->second && cell->expect_unavailable;
      ++cell;
    }
    return result;
  }

  std::vector<Asker> askers_of(const PlannedKernel& kernel,
                               const std::map<std::uint32_t, bool>& suites) const {
    std::vector<Asker> askers;
    if (const auto* needs = platform(kernel.arch)) {
      askers.push_back({OriginKind::machine, "machine " + kernel.arch, &needs->machine});
      askers.push_back({OriginKind::image, "image " + kernel.arch, &needs->image});
    }
    for (const auto& [index, yields] : suites)
      if (const auto* suite = spec::find(experiment_.suites, axes_[4].names[index]))
        askers.push_back({OriginKind::suite, "suite " + suite->name, &suite->needs, yields});
    if (const auto* config = spec::find(experiment_.configs, kernel.config))
      askers.push_back(
          {OriginKind::config, "config " + config->name, &config->requests, false, kernel.tree});
    return askers;
  }

  const spec::Experiment& experiment_;
  const std::vector<PlatformSymbols>& platforms_;
  std::array<Axis, 5> axes_;
  std::set<Coordinates> chosen_;
  Expanded expanded_;
};

}  // namespace

Expanded expand(const spec::Experiment& experiment, const std::vector<PlatformSymbols>& platforms) {
  return Expansion(experiment, platforms).expand();
}

}  // namespace kmatrix::plan
