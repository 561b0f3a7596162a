// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <set>
#include <stop_token>
#include <string>

#include "cli/options.h"
#include "machine/accelerator.h"
#include "spec/experiment.h"

namespace kmatrix::cli {

/// The better accelerator for a machine on this host. What a probe found is kept in the cache for
/// as long as the host is not booted again and QEMU stays the same; `afresh` probes in any case.
Result<machine::Choice> better_accelerator(const GlobalOptions& global,
                                           const spec::Machine& machine, bool afresh,
                                           const std::stop_token& stop);

/// Decides every `accel: auto` of the machines that are named, and puts down why.
Status decide_accelerators(const GlobalOptions& global, spec::Experiment& experiment,
                           const std::set<std::string>& machines, const std::stop_token& stop);

}  // namespace kmatrix::cli
