// SPDX-License-Identifier: GPL-2.0-or-later
//
// Cells are matched by name, their cases by name. The cases of a cell on both sides are brought
// into the order of their names and walked together, which for two runs of 100,000 cases costs less
// than reading them. A cell that never came to outcomes on a side speaks for all its cases: a
// hundred cases that are blocked by one kernel are one fact.
#include "compare/diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace kmatrix::compare {

namespace {

using store::CaseOutcome;
using store::CellRow;
using NamedCases = std::vector<const CaseOutcome*>;  ///< of a cell, by name

enum class Worth { good, bad, unknown };

/// Of an outcome or a cell's state. Unavailable is neither good nor bad; a word that is not known
/// here is bad, so that it is seen.
Worth worth_of(const std::string& word) {
  if (word == "passed" || word == "skipped" || word == "xfailed" || word == "done")
    return Worth::good;
  const bool unknown = word == "missing" || word == "infra_error" || word == "planned" ||
                       word == "interrupted" || word == "unavailable";
  return unknown ? Worth::unknown : Worth::bad;
}

Change change_between(const std::string& before, const std::string& now) {
  const Worth was = worth_of(before), is = worth_of(now);
  if (was == Worth::unknown || is == Worth::unknown) return Change::no_outcome;
  if (was == is) return Change::other;
  return is == Worth::bad ? Change::regression : Change::fix;
}

/// Much: more than twice as long, or less than half, and by more than a second.
bool changed_much(double before, double now) {
  const double less = std::min(before, now), more = std::max(before, now);
  return less > 0 && more > 2 * less && more - less > 1;
}

std::unordered_map<std::int64_t, NamedCases> by_cell(const std::vector<CaseOutcome>& cases) {
  std::unordered_map<std::int64_t, NamedCases> sorted;
  for (const auto& each : cases) sorted[each.cell].push_back(&each);
  const auto by_name = [](const auto* a, const auto* b) { return a->name < b->name; };
  for (auto& [cell, list] : sorted)
    if (!std::is_sorted(list.begin(), list.end(), by_name))
      std::sort(list.begin(), list.end(), by_name);
  return sorted;
}

bool came_to_outcomes(const CellRow& cell, const NamedCases& cases) {
  if (cell.state == "done") return true;
  return std::any_of(cases.begin(), cases.end(), [](const auto* each) {
    return each->outcome != "missing" && each->outcome != "blocked" &&
           each->outcome != "infra_error";
  });
}

class Differ {
 public:
  Differ(const Side& before, const Side& now)
      : before_(before),
        now_(now),
        cases_before_(by_cell(before.cases)),
        cases_now_(by_cell(now.cases)) {}

  RunDiff differ() {
    std::map<std::string, const CellRow*> names;
    for (const auto& cell : before_.cells) names[cell.name] = &cell;
    for (const auto& cell : now_.cells) {
      const auto found = names.find(cell.name);
      if (found == names.end()) {
        add({Change::added, cell.name, "", "", cell.state, cell.reason});
        continue;
      }
      both(*found->second, cell);
      names.erase(found);
    }
    for (const auto& [name, cell] : names)
      add({Change::gone, name, "", cell->state, "", cell->reason});
    compare_incidents();
    sort();
    return std::move(diff_);
  }

 private:
  void add(CaseChange change) { diff_.cases.push_back(std::move(change)); }

  void both(const CellRow& before, const CellRow& now) {
    ++diff_.cells;
    const NamedCases& old_cases = cases_before_[before.id];
    const NamedCases& new_cases = cases_now_[now.id];
    const bool ran = came_to_outcomes(before, old_cases) && came_to_outcomes(now, new_cases);
    if (ran) shared_.insert(now.name);
    if (ran || before.state == now.state) {
      walk(now.name, old_cases, new_cases);
      return;
    }
    auto change = change_between(before.state, now.state);
    // A suite that becomes available, or no longer is, is another state that is well known.
    if (change == Change::no_outcome &&
        (before.state == "unavailable" || now.state == "unavailable"))
      change = Change::other;
    add({change, now.name, "", before.state, now.state,
         now.reason.empty() ? before.reason : now.reason});
  }

  void walk(const std::string& cell, const NamedCases& before, const NamedCases& now) {
    auto a = before.begin();
    auto b = now.begin();
    while (a != before.end() || b != now.end()) {
      const int order = a == before.end() ? 1
                        : b == now.end()  ? -1
                                          : (*a)->name.compare((*b)->name);
      if (order < 0) {
        add({Change::gone, cell, (*a)->name, (*a)->outcome, "", (*a)->message});
        ++a;
      } else if (order > 0) {
        add({Change::added, cell, (*b)->name, "", (*b)->outcome, (*b)->message});
        ++b;
      } else {
        one(cell, **a++, **b++);
      }
    }
  }

  void one(const std::string& cell, const CaseOutcome& before, const CaseOutcome& now) {
    if (before.outcome != now.outcome) {
      add({change_between(before.outcome, now.outcome), cell, now.name, before.outcome, now.outcome,
           now.message.empty() ? before.message : now.message});
      return;
    }
    ++diff_.same;
    if (!changed_much(before.seconds, now.seconds)) return;
    // Subtests have the time of their test, which comes before them.
    const auto& known = diff_.durations;
    const bool subtest = !known.empty() && known.back().cell == cell &&
                         known.back().now == now.seconds &&
                         now.name.rfind(known.back().name, 0) == 0;
    if (!subtest) diff_.durations.push_back({cell, now.name, before.seconds, now.seconds});
  }

  /// Only of cells that ran on both sides: elsewhere nothing could be seen.
  using Incidents = std::set<std::array<std::string, 4>>;
  Incidents incidents_of(const Side& side) const {
    std::unordered_map<std::int64_t, const std::string*> names;
    for (const auto& cell : side.cells) names[cell.id] = &cell.name;
    Incidents seen;
    for (const auto& each : side.incidents)
      if (const auto name = names.find(each.cell);
          name != names.end() && shared_.count(*name->second) != 0)
        seen.insert({*name->second, each.kind, each.title, each.ignored});
    return seen;
  }

  void compare_incidents() {
    const auto before = incidents_of(before_), now = incidents_of(now_);
    for (const auto& each : now) {
      if (before.count(each) != 0) continue;
      const bool counts = each[3].empty() && each[1] != "other";
      diff_.incidents.push_back(
          {counts ? Change::regression : Change::added, each[0], each[1], each[2], each[3]});
    }
    for (const auto& each : before)
      if (now.count(each) == 0)
        diff_.incidents.push_back({Change::gone, each[0], each[1], each[2], each[3]});
  }

  void sort() {
    std::stable_sort(diff_.cases.begin(), diff_.cases.end(), [](const auto& a, const auto& b) {
      return std::tie(a.change, a.cell, a.name) < std::tie(b.change, b.cell, b.name);
    });
    std::stable_sort(diff_.incidents.begin(), diff_.incidents.end(),
                     [](const auto& a, const auto& b) { return a.change < b.change; });
    const auto factor = [](const DurationChange& each) {
      return std::max(each.before, each.now) / std::min(each.before, each.now);
    };
    std::stable_sort(diff_.durations.begin(), diff_.durations.end(),
                     [&](const auto& a, const auto& b) { return factor(a) > factor(b); });
  }

  const Side& before_;
  const Side& now_;
  std::unordered_map<std::int64_t, NamedCases> cases_before_, cases_now_;
  std::set<std::string> shared_;  ///< names of the cells that have outcomes on both sides
  RunDiff diff_;
};

}  // namespace

std::string to_string(Change change) {
  static constexpr std::array<const char*, changes> words = {"regression", "fix", "changed",
                                                             "no_outcome", "new", "gone"};
  return words.at(static_cast<std::size_t>(change));
}

bool RunDiff::regressed() const {
  const auto is_regression = [](const auto& each) { return each.change == Change::regression; };
  return std::any_of(cases.begin(), cases.end(), is_regression) ||
         std::any_of(incidents.begin(), incidents.end(), is_regression);
}

RunDiff diff(const Side& before, const Side& now) { return Differ(before, now).differ(); }

}  // namespace kmatrix::compare
