// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/conversation.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "support/text.h"

namespace kmatrix::machine {

namespace {
/// Of one message, beyond the output that was asked for.
constexpr std::size_t output_slack = agent::max_line;
}  // namespace

void Conversation::hear(std::string_view bytes) {
  if (!fault_.empty()) return;
  // What came before a line that is no message counts, also if both came at once.
  for (const auto& message : lines_.feed(bytes)) {
    if (!fault_.empty()) return;
    std::visit([this](const auto& each) { take(each); }, message);
  }
  set_fault(lines_.fault());
}

void Conversation::set_fault(const std::string& what) {
  if (fault_.empty()) fault_ = what;
}

void Conversation::overrun() { set_fault("the agent sends faster than anyone can read"); }

void Conversation::begin(const agent::Run& run) {
  phase_ = Phase::running;
  seq_ = run.seq;
  max_output_ = run.max_output;
  started_ = false;
  output_.clear();
  ended_.reset();
}

void Conversation::take(const agent::Hello& message) {
  if (phase_ != Phase::booting || hello_) return set_fault("the agent said hello twice");
  if (message.protocol != agent::protocol_version) {
    return set_fault(fmt::format("the agent speaks protocol {}, kmatrix speaks {}",
                                 message.protocol, agent::protocol_version));
  }
  hello_ = message;
}

bool Conversation::is_current(std::uint64_t seq, bool must_have_started, const char* what) {
  if (phase_ == Phase::running && seq == seq_ && started_ == must_have_started && !ended_)
    return true;
  set_fault(fmt::format("the agent sent {} for case number {}, out of turn", what, seq));
  return false;
}

void Conversation::take(const agent::Started& message) {
  if (is_current(message.seq, false, "a start")) started_ = true;
}

void Conversation::take(const agent::Output& message) {
  if (!is_current(message.seq, true, "output")) return;
  if (output_.size() + message.data.size() > max_output_ + output_slack)
    return set_fault("the agent sent more output than it was allowed to");
  output_ += message.data;
}

void Conversation::take(const agent::Ended& message) {
  if (is_current(message.seq, true, "an end")) ended_ = message;
}

void Conversation::take(const agent::Failed& message) {
  reported_ = true;
  set_fault("the agent could not do its part: " + support::printable(message.message));
}

void Conversation::take(const agent::Bye&) {
  if (phase_ != Phase::powering_off) set_fault("the agent said goodbye without being asked");
}

}  // namespace kmatrix::machine
