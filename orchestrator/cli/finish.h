// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "cli/options.h"
#include "plan/matrix.h"
#include "spec/experiment.h"
#include "store/store.h"
#include "support/clock.h"

namespace kmatrix::cli {

/// Says on stderr which entries of `ignore` nothing fell under in this run, where its cells did
/// run.
void note_useless_ignores(const spec::Experiment& experiment, const plan::Matrix& matrix,
                          const store::Store& store, store::RunId run);

/// Prints the end of a run to stdout; returns exit_good or exit_tests_failed, or
/// exit_infrastructure if a cell or case has an infra_error.
int print_summary(const GlobalOptions& global, const store::Store& store, store::RunId run,
                  support::Seconds wall);

}  // namespace kmatrix::cli
