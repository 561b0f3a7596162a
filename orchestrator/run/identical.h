// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
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

  struct Twin {
    std::size_t cell = 0;
    bool running = false;  ///< not finished: nobody knows whether it will have results
    bool operator==(const Twin&) const = default;
  };
  /// The cell that is the same as `cell`, if there is one. If there is none, or it came to nothing,
  /// `cell` is the one that runs, until ended(). Empty identities are the same as nothing.
  std::optional<Twin> find(const std::string& identity, std::size_t cell);

  /// `cell` is over; `good`: it has results that the others can share. Others are no concern.
  void ended(std::size_t cell, bool good);

 private:
  std::mutex mutex_;
  std::map<std::string, std::size_t> finished_, running_;
};

}  // namespace kmatrix::run
