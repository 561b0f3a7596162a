// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/protocol.h"

namespace kmatrix::machine {

/// Splits the bytes of the agent's port into messages. The guest is not trusted: at the first line
/// that is too long or no message, it stops reading for good and keeps at most a line in memory.
class AgentLines {
 public:
  /// The messages that are complete now, up to the first fault.
  std::vector<agent::FromGuest> feed(std::string_view bytes);
  /// What was wrong with the bytes; "" while nothing was.
  const std::string& fault() const { return fault_; }

 private:
  void set_fault(std::string what);
  void line(std::string_view text, std::vector<agent::FromGuest>& messages);
  std::string partial_;
  std::string fault_;
};

}  // namespace kmatrix::machine
