// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/nightly_plan.h"
#include "compare/diff.h"
#include "report/report.h"

namespace kmatrix::cli {

/// What a night came to for one experiment.
struct Night {
  std::string file;                      ///< the experiment, as it was named
  bool continued = false;                ///< the run was begun earlier and cut short
  int code = 0;                          ///< exit code of the run
  std::optional<report::StoredRun> run;  ///< none: it did not come so far
  std::optional<Baseline> before;        ///< none: it is the first
  std::optional<compare::RunDiff> diff;  ///< between `before` and `run`
};

/// The exit code of one experiment, or (of several) of a night: the worst. A regression is 1.
int code_of(const Night& night);
int code_of(const std::vector<Night>& nights);

/// "quickstart: 2 regressions, 1 fix (run 12)"
std::string subject_of(const Night& night);

/// A mail as sendmail takes it: header lines, an empty line, what changed since the run before, and
/// the whole run. `to`: the address; empty: no such line.
std::string mail_of(const Night& night, const std::string& to);

/// What a hook gets. `mails`: the files with the mails, parallel to `nights`; `freed`: bytes of the
/// cache that were given back.
nlohmann::ordered_json nightly_json(const std::vector<Night>& nights,
                                    const std::vector<std::string>& mails, std::uint64_t freed);

}  // namespace kmatrix::cli
