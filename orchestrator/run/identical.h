// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "machine/hypervisor.h"
#include "run/cell_runner.h"

namespace kmatrix::run {

/// Digest of all that the machine of a cell gets to see, and of how its cases are judged: what the
/// kernel loads (`signature`, build/artefact.h), the disks by their content, the hardware, the
/// cases. Two cells with the same digest would do the same again. Empty: the signature is not
/// known.
std::string identity_of(const CellTask& task, const machine::Hardware& hardware,
                        const suite::Suite& suite);

/// Of the cells of a run that have the same identity, one runs and stands for the others. May be
/// called from several threads.
class Identities {
 public:
  /// `known`: finished cells, by their identity.
  explicit Identities(std::map<std::string, std::size_t> known = {})
      : finished_(std::move(known)) {}

  /// The finished cell that is the same as `cell`, if there is one. If one is running, this waits
  /// for its end; if none is, or it came to nothing, `cell` is the one that runs, until ended().
  /// Empty identities are the same as nothing. Error: interrupted.
  Result<std::optional<std::size_t>> find(const std::string& identity, std::size_t cell,
                                          std::stop_token stop);

  /// `cell` is over; `good`: it has results that the others can share. Others are no concern.
  void ended(std::size_t cell, bool good);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::size_t> finished_, running_;
};

}  // namespace kmatrix::run
