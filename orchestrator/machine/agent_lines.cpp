// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/agent_lines.h"

#include <fmt/format.h>

#include <utility>

#include "support/text.h"

namespace kmatrix::machine {

namespace {
constexpr std::size_t shown = 80;
}

void AgentLines::set_fault(std::string what) {
  if (fault_.empty()) fault_ = std::move(what);
  partial_ = {};
}

std::vector<agent::FromGuest> AgentLines::feed(std::string_view bytes) {
  std::vector<agent::FromGuest> messages;
  while (!bytes.empty() && fault_.empty()) {
    const std::size_t end = bytes.find('\n');
    const bool complete = end != std::string_view::npos;
    const std::size_t length = complete ? end + 1 : bytes.size();
    if (partial_.size() + length > agent::max_line) {
      set_fault(fmt::format("the agent sent a line of more than {} bytes", agent::max_line));
      break;
    }
    partial_ += bytes.substr(0, length);
    bytes.remove_prefix(length);
    if (complete) line(std::exchange(partial_, {}), messages);
  }
  return messages;
}

void AgentLines::line(std::string_view text, std::vector<agent::FromGuest>& messages) {
  auto message = agent::parse_from_guest(text);
  if (message) return messages.push_back(std::move(*message));
  set_fault(fmt::format("the agent sent something that is no message: \"{}{}\"",
                        support::printable(support::trim(text.substr(0, shown))),
                        text.size() > shown ? "..." : ""));
}

}  // namespace kmatrix::machine
