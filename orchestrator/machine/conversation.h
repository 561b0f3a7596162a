// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/protocol.h"
#include "machine/agent_lines.h"

namespace kmatrix::machine {

/// What the agent of one machine has said so far, and whether that was in turn. The first fault
/// ends it: nothing that comes later counts.
class Conversation {
 public:
  enum class Phase { booting, idle, running, powering_off };

  /// Bytes of the agent's port.
  void hear(std::string_view bytes);
  /// More came than anyone could take.
  void overrun();
  /// From here on the case is what the agent may talk of.
  void begin(const agent::Run& run);
  void enter(Phase phase) { phase_ = phase; }
  Phase phase() const { return phase_; }
  std::uint64_t seq() const { return seq_; }  ///< of the case that was begun last

  /// What the agent did wrong; "" if nothing.
  const std::string& fault() const { return fault_; }
  /// The fault is one that the agent itself reported: the guest's kernel refused it something.
  bool reported() const { return reported_; }

  const std::optional<agent::Hello>& hello() const { return hello_; }
  bool started() const { return started_; }
  const std::optional<agent::Ended>& ended() const { return ended_; }
  std::string take_output() { return std::move(output_); }

 private:
  void set_fault(const std::string& what);
  void take(const agent::Hello& hello);
  void take(const agent::Alive&) {}
  void take(const agent::Started& message);
  void take(const agent::Output& message);
  void take(const agent::Ended& message);
  void take(const agent::Failed& message);
  void take(const agent::Bye& message);
  bool is_current(std::uint64_t seq, bool must_have_started, const char* what);

  AgentLines lines_;
  std::string fault_;
  Phase phase_ = Phase::booting;
  bool reported_ = false;
  std::optional<agent::Hello> hello_;
  std::uint64_t seq_ = 0, max_output_ = 0;
  bool started_ = false;
  std::string output_;
  std::optional<agent::Ended> ended_;
};

}  // namespace kmatrix::machine
