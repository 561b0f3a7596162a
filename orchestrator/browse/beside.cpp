// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/beside.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/words.h"

namespace kmatrix::browse {

namespace {

/// Is its state all that there is to say of its cases?
bool speaks_for_all(const store::CellRow& cell) {
  return cell.state == "unavailable" || cell.state == "blocked";
}

bool is_of_several(const std::map<std::int64_t, std::string>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [&](const auto& each) { return each.second != outcomes.begin()->second; });
}

struct Sign {
  std::string_view word;
  char sign;
};
constexpr std::array<Sign, 16> outcome_signs = {{{"passed", '+'},
                                                 {"done", '+'},
                                                 {"xfailed", '~'},
                                                 {"skipped", '-'},
                                                 {"unavailable", '-'},
                                                 {"missing", '.'},
                                                 {"planned", '.'},
                                                 {"running", '>'},
                                                 {"interrupted", '/'},
                                                 {"blocked", '#'},
                                                 {"unresolved", '?'},
                                                 {"timed_out", 'T'},
                                                 {"failed", 'x'},
                                                 {"crashed", '!'},
                                                 {"infra_error", '%'},
                                                 {"absent", ' '}}};

std::size_t word_rank(const std::string& word) {
  const auto found = std::find_if(outcome_signs.begin(), outcome_signs.end(),
                                  [&](const auto& each) { return each.word == word; });
  return static_cast<std::size_t>(found - outcome_signs.begin());
}

}  // namespace

Beside::Beside(const report::StoredRun& run) {
  for (const auto& cell : run.cells) suites_[cell.id] = cell.suite;
  for (const auto& result : run.cases)
    cases_[{suites_[result.cell], result.name}][result.cell] = result.outcome;
  for (auto& [name, outcomes] : cases_) {
    for (const auto& cell : run.cells)
      if (cell.suite == name.first && speaks_for_all(cell)) outcomes[cell.id] = cell.state;
    if (!is_of_several(outcomes)) continue;
    for (const auto& [cell, outcome] : outcomes) cells_.insert(cell);
  }
}

const Beside::Outcomes* Beside::outcomes_of(const store::CaseRow& result) const {
  const auto suite = suites_.find(result.cell);
  if (suite == suites_.end()) return nullptr;
  const auto found = cases_.find({suite->second, result.name});
  return found == cases_.end() ? nullptr : &found->second;
}

bool Beside::differs(const store::CaseRow& result) const {
  const auto* outcomes = outcomes_of(result);
  return outcomes != nullptr && is_of_several(*outcomes);
}

std::string Beside::others(const store::CaseRow& result) const {
  const auto* outcomes = outcomes_of(result);
  if (outcomes == nullptr) return {};
  std::map<std::string, std::size_t> counts;
  for (const auto& [cell, outcome] : *outcomes)
    if (cell != result.cell) ++counts[outcome];
  std::string text;
  for (const auto& [word, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, report::line_of(word));
  return text;
}

char sign_of(const std::string& word) {
  const auto rank = word_rank(word);
  return rank < outcome_signs.size() ? outcome_signs[rank].sign : '?';
}

std::string word_of_cell(const store::CellRow& cell,
                         const std::vector<const store::CaseRow*>& cases) {
  if (cell.state != "done" || cases.empty()) return cell.state;
  std::string worst = cases.front()->outcome;
  for (const auto* each : cases)
    if (word_rank(each->outcome) > word_rank(worst)) worst = each->outcome;
  return worst;
}

}  // namespace kmatrix::browse
