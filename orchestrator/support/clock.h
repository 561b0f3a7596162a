// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace kmatrix::support {

using Seconds = std::chrono::duration<double>;

/// Time, so that deadlines can be tested without waiting.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::chrono::steady_clock::time_point now() const = 0;
  virtual std::chrono::system_clock::time_point wall() const = 0;
};

class SystemClock : public Clock {
 public:
  std::chrono::steady_clock::time_point now() const override;
  std::chrono::system_clock::time_point wall() const override;
};

/// "2026-01-31T12:00:00Z"
std::string iso_time(std::chrono::system_clock::time_point at);

/// "2 min 05 s", "41.3 s", "0.12 s"
std::string human_duration(Seconds duration);

}  // namespace kmatrix::support
