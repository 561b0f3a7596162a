// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "spec/experiment.h"
#include "support/clock.h"

// Deadlines in an experiment are promises for the reference machine: a small kernel without
// debugging under TCG on a machine of 2023, of two CPUs, which does nothing else. Elsewhere they
// are multiplied by how much slower a machine proved to be at boot (docs/decisions/0006).
namespace kmatrix::machine {

/// Of the agent's calibration on the reference machine: the fastest round.
inline constexpr std::chrono::microseconds reference_round{3500};

/// Longer than that nobody wants to wait for a hang.
inline constexpr double most_slowness = 20;

/// A round of the calibration over that of the reference machine: 1 is as fast, 2 twice as slow.
double slowness_of(std::chrono::microseconds round);

/// For a machine that was never measured: what a kernel with costly debugging may need. KVM is
/// far faster than that on most hosts, but not where it is itself emulated.
double default_slowness(spec::Accelerator accel);

/// A deadline as promised, and as it holds on a machine of this slowness: never shorter than
/// promised. Zero is no deadline.
class Deadline {
 public:
  Deadline() = default;
  Deadline(std::chrono::seconds promised, double slowness);
  support::Seconds allowed() const { return allowed_; }
  bool limited() const { return promised_.count() > 0; }
  /// "300 s", or "300 s, scaled by 2.4 to 720 s".
  std::string text() const;

 private:
  std::chrono::seconds promised_{0};
  double scale_ = 1;
  support::Seconds allowed_{0};
};

}  // namespace kmatrix::machine
