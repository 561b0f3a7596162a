// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compare/claim_subjects.h"
#include "spec/pattern.h"
#include "support/text.h"

namespace kmatrix::compare {

namespace {

using Cases = std::vector<const store::CaseRow*>;

bool is_listed(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// One claim against one run.
class Evaluation {
 public:
  Evaluation(const spec::Claim& claim, const ClaimSubjects& subjects)
      : claim_(claim), inputs_(subjects.inputs()), subjects_(subjects) {
    result_.claim = &claim;
  }

  ClaimResult evaluate() {
    switch (claim_.kind) {
      case spec::ClaimKind::outcome:
        outcome();
        break;
      case spec::ClaimKind::same_results:
        same_results();
        break;
      case spec::ClaimKind::no_difference:
        no_difference();
        break;
      case spec::ClaimKind::same_objects:
        same_objects();
        break;
      case spec::ClaimKind::no_incident:
        no_incident();
        break;
      case spec::ClaimKind::config:
        config();
        break;
    }
    result_.state = !result_.against.empty()   ? ClaimState::does_not_hold
                    : !result_.missing.empty() ? ClaimState::undecided
                                               : ClaimState::holds;
    return std::move(result_);
  }

 private:
  void against(ClaimEvidence evidence) { result_.against.push_back(std::move(evidence)); }
  void missing(ClaimEvidence evidence) { result_.missing.push_back(std::move(evidence)); }

  /// The cells that are meant and have results; of the others it is said what they lack.
  std::vector<const store::CellRow*> cells() {
    std::vector<const store::CellRow*> found;
    bool meant = false;
    for (const auto& planned : inputs_.planned) {
      if (!is_meant(claim_.where, planned)) continue;
      meant = true;
      if (const auto* cell = known(planned.name)) found.push_back(cell);
    }
    if (!meant) missing({"", "", "no cell of the experiment is meant", ""});
    return found;
  }

  /// "12 cells, 2 of them with the kernel of another"
  static std::string counted_cells(const std::vector<const store::CellRow*>& cells) {
    const auto copies = std::count_if(cells.begin(), cells.end(),
                                      [](const auto* cell) { return !cell->identical_to.empty(); });
    auto text = counted(cells.size(), "cell");
    if (copies > 0) text += fmt::format(", {} of them with the kernel of another", copies);
    return text;
  }

  /// The cell of this name, if its results can be relied on.
  const store::CellRow* known(const std::string& name) {
    const auto* cell = subjects_.cell(name);
    if (cell == nullptr) {
      missing({name, "", "not part of this run", ""});
    } else if (cell->state == "planned" || cell->state == "interrupted" ||
               cell->state == "infra_error") {
      missing({name, "", cell->state == "planned" ? "has not run" : cell->state, cell->reason});
    } else {
      return cell;
    }
    return nullptr;
  }

  /// The cases of a cell that are meant. A pattern that fits none is missing something.
  Cases cases_of(const store::CellRow& cell) {
    Cases chosen;
    std::set<std::string> useless(claim_.cases.begin(), claim_.cases.end());
    for (const auto* result : subjects_.cases(cell)) {
      bool fits = claim_.cases.empty();
      for (const auto& pattern : claim_.cases) {
        if (!spec::matches(pattern, result->name)) continue;
        fits = true;
        useless.erase(pattern);
      }
      if (fits && !spec::matches_any(claim_.except, result->name)) chosen.push_back(result);
    }
    for (const auto& pattern : useless)
      missing({cell.name, pattern, "no case of this cell fits", ""});
    if (chosen.empty() && useless.empty()) missing({cell.name, "", "has no case", ""});
    return chosen;
  }

  static bool is_unknown(const store::CaseRow& result) {
    return result.outcome == "missing" || result.outcome == "infra_error";
  }

  std::string wanted() const { return support::join(claim_.outcomes, " or "); }

  void check_case(const store::CellRow& cell, const store::CaseRow& result) {
    if (!is_listed(claim_.outcomes, result.outcome)) {
      ClaimEvidence evidence{cell.name, result.name,
                             fmt::format("{}, not {}", result.outcome, wanted()), result.message};
      is_unknown(result) ? missing(std::move(evidence)) : against(std::move(evidence));
    } else if (!claim_.message.empty() && !spec::matches(claim_.message, result.message)) {
      against({cell.name, result.name,
               fmt::format("{}, but its message does not fit '{}'", result.outcome, claim_.message),
               result.message});
    }
  }

  void outcome() {
    std::size_t number = 0;
    const auto meant = cells();
    for (const auto* cell : meant) {
      if (is_whole(*cell)) {
        if (!is_listed(claim_.outcomes, cell->state))
          against({cell->name, "", fmt::format("{}, not {}", cell->state, wanted()), cell->reason});
        continue;
      }
      if (claim_.outcomes == std::vector<std::string>{"unavailable"}) {
        against({cell->name, "", "available: its tests ran", ""});
        continue;
      }
      const auto cases = cases_of(*cell);
      number += cases.size();
      for (const auto* result : cases) check_case(*cell, *result);
    }
    result_.basis = counted(number, "case") + " in " + counted_cells(meant);
  }

  /// Do the states of the two say all there is? Reports a difference.
  bool compare_states(const store::CellRow& cell, const store::CellRow& partner) {
    if (!is_whole(cell) && !is_whole(partner)) return false;
    if (cell.state == "blocked" && partner.state == "blocked") {
      missing({cell.name, "", "blocked, as " + partner.name + " is: nothing was run", cell.reason});
      return true;
    }
    const auto state = [](const store::CellRow& each) {
      return is_whole(each) ? each.state : "ran";
    };
    if (state(cell) != state(partner))
      against({cell.name, "",
               fmt::format("{}, but {} {}", state(cell), partner.name, state(partner)),
               is_whole(cell) ? cell.reason : partner.reason});
    return true;
  }

  void compare_cases(const store::CellRow& cell, const store::CellRow& partner) {
    std::map<std::string, const store::CaseRow*> others;
    for (const auto* result : cases_of(partner)) others[result->name] = result;
    for (const auto* result : cases_of(cell)) {
      ++compared_;
      const auto other = others.find(result->name);
      if (other == others.end()) {
        against({cell.name, result->name, "not a case of " + partner.name, ""});
        continue;
      }
      if (is_unknown(*result) || is_unknown(*other->second)) {
        missing({is_unknown(*result) ? cell.name : partner.name, result->name,
                 is_unknown(*result) ? result->outcome : other->second->outcome, ""});
      } else if (result->outcome != other->second->outcome) {
        against(
            {cell.name, result->name,
             fmt::format("{}, but {} in {}", result->outcome, other->second->outcome, partner.name),
             result->message.empty() ? other->second->message : result->message});
      }
      others.erase(other);
    }
    for (const auto& [name, result] : others)
      against({partner.name, name, "not a case of " + cell.name, ""});
  }

  void same_results() {
    const auto meant = cells();
    std::size_t pairs = 0, identical = 0;
    for (const auto* cell : meant) {
      const auto name = subjects_.partner_of(*cell, claim_.as);
      if (name.empty()) {
        missing({cell->name, "", "the experiment has no cell to compare it with", ""});
        continue;
      }
      const auto* partner = known(name);
      if (partner == nullptr) continue;
      ++pairs;
      if (cell->identical_to == name || partner->identical_to == cell->name) ++identical;
      if (!compare_states(*cell, *partner)) compare_cases(*cell, *partner);
    }
    result_.basis =
        fmt::format("{} in {} of cells", counted(compared_, "case"), counted(pairs, "pair"));
    if (identical > 0) result_.basis += fmt::format(", {} of them of identical kernels", identical);
  }

  void no_difference() {
    std::set<std::string> names;
    std::map<std::string, std::size_t> sides;
    std::size_t number = 0;
    const auto meant = cells();
    for (const auto* cell : meant) {
      names.insert(cell->name);
      ++sides[coordinates_but(*cell, claim_.axis)];
      for (const auto* result : subjects_.cases(*cell))
        if (means_case(result->name)) ++number;
    }
    const auto alone = [](const auto& group) { return group.second < 2; };
    if (result_.missing.empty() && std::all_of(sides.begin(), sides.end(), alone))
      missing({"", "", fmt::format("no two cells differ in {} alone", claim_.axis), ""});
    if (number == 0 && result_.missing.empty())
      missing({"", "", "none of the cells that are meant has run a case", ""});
    for (const auto& each : inputs_.differences(claim_.axis)) {
      if (!means_case(each.case_name)) continue;
      const auto concerned = std::find_if(each.cells.begin(), each.cells.end(),
                                          [&](const auto& cell) { return names.count(cell) > 0; });
      if (concerned == each.cells.end()) continue;
      ClaimEvidence evidence{*concerned, each.case_name, each.text, ""};
      each.open ? missing(std::move(evidence)) : against(std::move(evidence));
    }
    result_.basis = counted(number, "case") + " in " + counted_cells(meant);
  }

  bool means_case(const std::string& name) const {
    return (claim_.cases.empty() || spec::matches_any(claim_.cases, name)) &&
           !spec::matches_any(claim_.except, name);
  }

  /// Was it built? If not, that is missing.
  bool is_built(const store::KernelRow& kernel) {
    if (!kernel.kernel_key.empty() && (kernel.state == "built" || kernel.state == "cached"))
      return true;
    missing({kernel.name, "", kernel.state == "failed" ? "did not build" : "was not built", ""});
    return false;
  }

  void compare_objects(const store::KernelRow& a, const store::KernelRow& b) {
    const auto compared = inputs_.objects(a, b);
    const auto pair = fmt::format("{} and {}", a.name, b.name);
    if (!compared) return missing({pair, "", "cannot be compared", to_string(compared.error())});
    compared_ += compared->objects;
    for (const auto& each : compared->differences)
      if (!each.same_code || !spec::matches_any(claim_.except, each.object))
        against({pair, each.object, each.how, ""});
  }

  void same_objects() {
    std::size_t pairs = 0;
    for (const auto& group : subjects_.kernels_along(claim_.where, claim_.axis)) {
      for (const auto& name : group.absent) missing({name, "", "not part of this run", ""});
      std::vector<const store::KernelRow*> built;
      for (const auto* kernel : group.kernels)
        if (is_built(*kernel)) built.push_back(kernel);
      for (std::size_t i = 1; i < built.size(); ++i, ++pairs) compare_objects(*built[0], *built[i]);
    }
    if (pairs == 0 && result_.missing.empty())
      missing({"", "", fmt::format("no two kernels differ in {} alone", claim_.axis), ""});
    result_.basis =
        fmt::format("{} of {} of kernels", counted(compared_, "object"), counted(pairs, "pair"));
  }

  void no_incident() {
    std::set<std::int64_t> ids;
    std::map<std::int64_t, std::string> name_of;
    const auto meant = cells();
    for (const auto* cell : meant) name_of[cell->id] = cell->name;
    std::size_t booted = 0;
    for (const auto* cell : meant) booted += is_whole(*cell) ? 0 : 1;
    for (const auto& incident : inputs_.incidents) {
      const auto cell = name_of.find(incident.cell);
      if (cell == name_of.end() || !incident.ignored.empty()) continue;
      if (!claim_.kinds.empty() && !is_listed(claim_.kinds, incident.kind)) continue;
      against({cell->second, incident.case_name,
               fmt::format("{}: {}", incident.kind, incident.title), ""});
    }
    if (booted == 0 && !meant.empty() && result_.against.empty())
      missing({"", "", "none of the cells that are meant was booted", ""});
    result_.basis = "the logs of " + counted(booted, "cell");
  }

  void config() {
    std::size_t number = 0;
    for (const auto& group : subjects_.kernels_along(claim_.where, "")) {
      for (const auto& name : group.absent) missing({name, "", "not part of this run", ""});
      for (const auto* kernel : group.kernels) {
        ++number;
        if (kernel->config_text.empty()) {
          missing({kernel->name, "", "its .config is not known", ""});
          continue;
        }
        for (const auto& symbol : claim_.symbols)
          if (symbol.applies_to(kernel->tree)) check_symbol(*kernel, symbol);
      }
    }
    if (number == 0 && result_.missing.empty())
      missing({"", "", "no kernel of the experiment is meant", ""});
    result_.basis = "the .config of " + counted(number, "kernel");
  }

  void check_symbol(const store::KernelRow& kernel, const spec::SymbolRequest& symbol) {
    const auto value = value_in_config(kernel.config_text, symbol.symbol);
    if (value != symbol.value)
      against({kernel.name, symbol.symbol, fmt::format("{}, not {}", value, symbol.value), ""});
  }

  const spec::Claim& claim_;
  const ClaimInputs& inputs_;
  const ClaimSubjects& subjects_;
  ClaimResult result_;
  std::size_t compared_ = 0;
};

}  // namespace

std::string to_string(ClaimState state) {
  switch (state) {
    case ClaimState::holds:
      return "holds";
    case ClaimState::does_not_hold:
      return "does not hold";
    case ClaimState::undecided:
      return "undecided";
  }
  return "unknown";
}

std::vector<ClaimResult> evaluate(const std::vector<spec::Claim>& claims,
                                  const ClaimInputs& inputs) {
  const ClaimSubjects subjects(inputs);
  std::vector<ClaimResult> results;
  results.reserve(claims.size());
  for (const auto& claim : claims) results.push_back(Evaluation(claim, subjects).evaluate());
  return results;
}

}  // namespace kmatrix::compare
