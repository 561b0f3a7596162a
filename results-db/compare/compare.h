// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "store/store.h"

namespace kmatrix::compare {

/// `tests`: the tree that a suite's tests are from; to attribution alone.
enum class Axis { tree, series, config, machine, suite, tests };
std::string to_string(Axis axis);

/// The axes that are compared, in order; their values stand together as "v7.2/direct-calls".
using Axes = std::vector<Axis>;
/// Input errors: an unknown axis (did you mean), one that is named twice.
Result<Axes> parse_axes(const std::vector<std::string>& names);
std::string to_string(const Axes& axes);

/// The cells whose values of the axes are among `values`, in the order of `values`. Input error: a
/// value that no cell has.
Result<std::vector<store::CellRow>> select(const std::vector<store::CellRow>& cells,
                                           const Axes& axes,
                                           const std::vector<std::string>& values);

/// One case in cells that differ in the compared axes alone.
struct CaseRowCompared {
  std::string name;
  /// One a value of the axes: the outcome; "" where there is no such cell; the cell's state where
  /// it is unavailable or blocked, or has no outcome of the case yet; "absent" where the cell ran
  /// but has no such case.
  std::vector<std::string> outcomes;
  std::vector<std::string> messages;  ///< likewise; the cell's reason beside its state
  bool differs = false;               ///< outcomes that are not "" are of more than one kind
};

/// The cell of a group under one value of the axes.
struct CellCompared {
  std::string state;  ///< "" where there is no such cell
  std::string reason;
  bool without_outcomes = false;  ///< unavailable or blocked as a whole: its state speaks for all
};

/// Cells that agree in all axes but the compared ones.
struct Group {
  std::string name;                 ///< the other coordinates, "v6.12/clang-cfi/arm64-tcg/samples"
  std::vector<CellCompared> cells;  ///< by axis value
  std::vector<CaseRowCompared> cases;  ///< differences first, then by name
};

/// An incident (of one kind and title) that appears under some values of the axes only. What is
/// ignored under some values stands apart from what counts under others.
struct IncidentDifference {
  std::string kind, title;
  std::string ignored;              ///< why it does not count; empty: it does
  std::vector<std::string> values;  ///< where it appears
};

struct Comparison {
  Axes axes;
  std::vector<std::string> values;            ///< of the axes, in order of first appearance
  std::vector<Group> groups;                  ///< likewise
  std::size_t same = 0, different = 0;        ///< cases
  std::size_t alone = 0;                      ///< cases of which one value alone has a cell
  std::vector<IncidentDifference> incidents;  ///< those that count first; by kind and title
};

/// Compares the cells of one run along some axes; pure. Unavailable and blocked are no outcomes,
/// but differ from every outcome: a suite that becomes available is what many a series is for.
Comparison compare(const std::vector<store::CellRow>& cells,
                   const std::vector<store::CaseRow>& cases,
                   const std::vector<store::IncidentRow>& incidents, const Axes& axes);

}  // namespace kmatrix::compare
