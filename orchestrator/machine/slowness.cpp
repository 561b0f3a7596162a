// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/slowness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kmatrix::machine {

double slowness_of(std::chrono::microseconds round) {
  return support::Seconds(round) / support::Seconds(reference_round);
}

double default_slowness(spec::Accelerator accel) { return accel == spec::Accelerator::kvm ? 2 : 4; }

Deadline::Deadline(std::chrono::seconds promised, double slowness)
    : promised_(promised),
      // One digit, so that the text and the time agree.
      scale_(std::ceil(std::clamp(slowness, 1.0, most_slowness) * 10 - 1e-9) / 10),
      allowed_(promised * scale_) {}

std::string Deadline::text() const {
  if (scale_ <= 1) return fmt::format("{} s", promised_.count());
  return fmt::format("{} s, scaled by {:.1f} to {:.0f} s", promised_.count(), scale_,
                     allowed_.count());
}

}  // namespace kmatrix::machine
