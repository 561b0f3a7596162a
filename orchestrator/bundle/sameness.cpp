// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/sameness.h"

#include <algorithm>
#include <map>
#include <set>

#include "bundle/key_words.h"
#include "report/words.h"

namespace kmatrix::bundle {

namespace {

using Titles = std::set<std::string>;

std::vector<std::string> outcomes_of(const CaseRecord& one) {
  std::vector<std::string> outcomes{one.outcome};
  outcomes.insert(outcomes.end(), one.further.begin(), one.further.end());
  return outcomes;
}

/// By case: the incidents that count, as "kind: title".
std::map<std::string, Titles> incidents_of(const Manifest& manifest) {
  std::map<std::string, Titles> titles;
  for (const auto& each : manifest.incidents)
    if (each.ignored.empty() && each.kind != "other")
      titles[each.case_name].insert(each.kind + ": " + each.title);
  return titles;
}

std::vector<std::string> missing_in(const Titles& from, const Titles& in) {
  std::vector<std::string> missing;
  std::set_difference(from.begin(), from.end(), in.begin(), in.end(), std::back_inserter(missing));
  return missing;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool has_come_again(const CaseComparison& one, std::size_t incidents) {
  if (one.recorded.empty() || one.now.empty()) return false;
  if (report::is_bad_word(one.recorded.front()))
    return has(one.now, one.recorded.front()) && (incidents == 0 || one.gone.size() < incidents);
  const auto known = [&](const std::string& outcome) { return has(one.recorded, outcome); };
  return one.fresh.empty() && std::all_of(one.now.begin(), one.now.end(), known);
}

/// Both sides of the cases of a cell, in the order of the first.
class Cases {
 public:
  Cases(const Manifest& recorded, const Manifest& now,
        const std::function<bool(const std::string&)>& asked)
      : were_(incidents_of(recorded)), are_(incidents_of(now)) {
    for (const auto& each : recorded.cases)
      if (asked(each.name)) {
        auto& one = at(each.name);
        one.recorded = outcomes_of(each);
        one.message_recorded = each.message;
      }
    for (const auto& each : now.cases)
      if (asked(each.name)) {
        auto& one = at(each.name);
        one.now = outcomes_of(each);
        one.message_now = each.message;
      }
    for (auto& one : all_) judge(one);
  }

  std::vector<CaseComparison> take() { return std::move(all_); }

 private:
  CaseComparison& at(const std::string& name) {
    const auto [found, is_new] = places_.emplace(name, all_.size());
    if (is_new) {
      all_.emplace_back();
      all_.back().name = name;
    }
    return all_[found->second];
  }

  void judge(CaseComparison& one) const {
    static const Titles none;
    const auto of = [&](const std::map<std::string, Titles>& titles) -> const Titles& {
      const auto found = titles.find(one.name);
      return found == titles.end() ? none : found->second;
    };
    one.gone = missing_in(of(were_), of(are_));
    one.fresh = missing_in(of(are_), of(were_));
    one.same = has_come_again(one, of(were_).size());
  }

  std::map<std::string, Titles> were_, are_;
  std::map<std::string, std::size_t> places_;
  std::vector<CaseComparison> all_;
};

bool failed_through_us(const CaseComparison& one) {
  return has(one.now, "infra_error") && !has(one.recorded, "infra_error");
}

}  // namespace

Sameness compare(const Side& recorded, const Side& now,
                 const std::function<bool(const std::string&)>& asked) {
  Sameness sameness;
  sameness.state_recorded = recorded.manifest.cell.state;
  sameness.state_now = now.manifest.cell.state;
  sameness.reason_recorded = recorded.manifest.cell.reason;
  sameness.reason_now = now.manifest.cell.reason;
  compare_keys(recorded, now, sameness);
  const bool same_state = sameness.state_recorded == sameness.state_now;
  if (sameness.state_recorded == "done" || sameness.state_now == "done")
    sameness.cases = Cases(recorded.manifest, now.manifest, asked).take();
  const auto& cases = sameness.cases;
  sameness.infrastructure = sameness.state_now == "infra_error" ||
                            std::any_of(cases.begin(), cases.end(), failed_through_us);
  sameness.same = same_state && !sameness.infrastructure &&
                  std::all_of(cases.begin(), cases.end(), [](const auto& one) { return one.same; });
  return sameness;
}

}  // namespace kmatrix::bundle
