// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compare/config_diff.h"
#include "store/store.h"

// Answers about one kernel or cell of a run, as text for people and as JSON for programs; the rules
// of report.h hold here too.
namespace kmatrix::report {

/// Why a kernel was built, or a cell run, in a run.
struct Why {
  store::KernelRow kernel;
  std::optional<store::CellRow> cell;       ///< absent: the question is about the kernel
  std::optional<store::KernelRow> built;    ///< the build that a cached kernel comes from
  std::optional<store::CellRow> made;       ///< the cell of an earlier run whose results it took
  std::optional<store::LastCell> last;      ///< the time before
  std::vector<std::string> kernel_changes;  ///< between the kernels of `last` and now, in words
};
std::string why_text(const Why& why);
nlohmann::ordered_json why_json(const Why& why);

/// Which kernel of which run a .config belongs to.
struct ConfigOf {
  store::RunId run;  ///< 0: of none
  std::string kernel;
  std::size_t built_in = 0, modules = 0;  ///< options =y and =m
};
std::string config_diff_text(const ConfigOf& a, const ConfigOf& b,
                             const std::vector<compare::SymbolDifference>& differences);
nlohmann::ordered_json config_diff_json(const ConfigOf& a, const ConfigOf& b,
                                        const std::vector<compare::SymbolDifference>& differences);

}  // namespace kmatrix::report
