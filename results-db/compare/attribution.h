// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "compare/evidence.h"
#include "compare/kind.h"
#include "compare/layout.h"

namespace kmatrix::compare {

/// docs/attribution.md says what they mean.
enum class Verdict {
  same,
  regressed,  ///< by the series, as are the next two
  fixed,
  changed,  ///< another kind of outcome, neither better nor worse
  by_config,
  by_tree,
  by_tests,
  by_machine,
  pre_existing,
  flaky,
  infrastructure,
  undecided
};
std::string to_string(Verdict verdict);
bool is_by_series(Verdict verdict);

struct Observation {
  std::size_t cell = 0;  ///< in Layout::cells
  Kind kind = Kind::passed;
  /// It follows from the kernel, and another run would say the same: the suite is unavailable with
  /// its config, or it did not build. Chance has no part in it, nor has statistics.
  bool certain = false;
  /// That of a cell whose kernel is the same: shown, but no run of its own.
  bool copied = false;
};
/// In the order in which they were made.
struct CaseObservations {
  std::string suite, name;
  std::vector<Observation> observations;
};

/// All that was observed of a case in one cell.
struct Seen {
  std::array<int, kinds> count{};  ///< by kind
  int runs = 0, bad = 0;           ///< that are evidence
  bool certain = false;
  bool copied = false;  ///< from a cell whose kernel is the same: no effect is possible
  int count_of(Kind kind) const { return count.at(static_cast<std::size_t>(kind)); }
  int infra() const { return count_of(Kind::infra_error); }
  bool observed() const { return runs + infra() > 0; }
};
/// How often an event happened: "bad", or a kind's name.
int hits(const Seen& seen, const std::string& event);

/// Base and series in one tree, config and machine.
struct StratumAttribution {
  std::string series;
  std::size_t base_cell = 0, series_cell = 0;
  Verdict verdict = Verdict::undecided;
  std::size_t pairs = 0;      ///< of runs, one on each side
  bool differs = false;       ///< more than one kind was seen,
  bool pairs_differ = false;  ///< and likewise in the pairs alone
  bool certain = false;       ///< differs, and chance has no part in it
  double log_e = 0;           ///< against "no effect here"
  std::string event;          ///< "bad" or a kind: which differs most
  Difference difference;      ///< of its rate: series minus base
  Interval rough;             ///< likewise at 0.8
};

/// One line of the factorial look.
struct Effect {
  std::string of;         ///< series, config, tree, machine, tests, "series x config"
  std::string value;      ///< that stands out against the others: "clang-cfi"
  std::string event;      ///< "bad" or a kind; of an interaction: "worse", "better", "changed"
  Difference difference;  ///< of its rate: the value minus the others, averaged over the strata
  double log_e = 0;       ///< against "no effect anywhere"
  double fdr = 1;         ///< smallest false discovery rate at which the run's e-BH accepts it
  bool certain = false;
  bool holds = false;  ///< certain, or fdr is at most 1 - confidence
};

struct CaseAttribution {
  std::string suite, name;
  Verdict verdict = Verdict::undecided;
  std::string where;                       ///< "fails only on clang-cfi without direct-calls"; of
                                           ///< a change also the other side: "; with it: crashes"
  std::string counts;                      ///< "0 of 3 against 3 of 3"
  std::vector<Seen> seen;                  ///< by cell
  std::vector<StratumAttribution> strata;  ///< where one side at least was observed
  std::vector<Effect> effects;
};

constexpr double default_confidence = 0.95;

/// The whole: each case weighed, all of them judged together. 1 - confidence bounds the share of
/// false ones among the effects that hold, over all cases; and for a case with an effect, the
/// chance that a stratum without one is called concerned.
std::vector<CaseAttribution> attribute(const Layout& layout,
                                       const std::vector<CaseObservations>& cases,
                                       double confidence = default_confidence);

/// Its parts, for who asks again after each rerun. First what choose_reruns needs of one case,
CaseAttribution weigh_case(const Layout& layout, const CaseObservations& observed);
/// and, once it is needed, the rest: the differences, the other axes and the interaction;
void weigh_rest(const Layout& layout, const CaseObservations& observed, double confidence,
                CaseAttribution& attribution);
/// then the verdicts, which need all cases (all with the same effects);
void conclude(std::vector<CaseAttribution>& cases, double confidence = default_confidence);
/// then the words.
void describe(const Layout& layout, CaseAttribution& attribution);

}  // namespace kmatrix::compare
