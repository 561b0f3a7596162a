// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compare/claims.h"

namespace kmatrix::compare {

/// Is the cell in the slice?
bool is_meant(const spec::Slice& where, const store::CellRow& cell);

/// Does the state of the cell say all there is to say? It is unavailable, or its kernel did not
/// build or boot.
bool is_whole(const store::CellRow& cell);

/// The cell's coordinates without that of an axis.
std::string coordinates_but(const store::CellRow& cell, const std::string& axis);

/// "1 case", "2 cases"
std::string counted(std::size_t number, std::string_view noun);

/// "n" for a symbol that is not set.
std::string value_in_config(const std::string& config_text, const std::string& symbol);

/// What claims speak of, found by name.
class ClaimSubjects {
 public:
  /// `inputs` outlives it.
  explicit ClaimSubjects(const ClaimInputs& inputs);
  const ClaimInputs& inputs() const { return inputs_; }

  /// nullptr: the run has no such cell.
  const store::CellRow* cell(const std::string& name) const;
  const std::vector<const store::CaseRow*>& cases(const store::CellRow& cell) const;

  /// The planned cell that stands where `cell` would with other values of some axes; "" if there is
  /// none.
  std::string partner_of(const store::CellRow& cell, const spec::Slice& as) const;

  /// Kernels that differ in one axis alone (or, without an axis, one kernel), in the order of the
  /// experiment; and those of the experiment that the run does not have.
  struct KernelGroup {
    std::vector<const store::KernelRow*> kernels;
    std::vector<std::string> absent;
  };
  /// Of the kernels whose cells are meant.
  std::vector<KernelGroup> kernels_along(const spec::Slice& where, const std::string& axis) const;

 private:
  const ClaimInputs& inputs_;
  std::map<std::string, const store::CellRow*> cells_;
  std::map<std::int64_t, std::vector<const store::CaseRow*>> cases_;
};

}  // namespace kmatrix::compare
