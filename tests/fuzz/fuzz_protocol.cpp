// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/protocol.h"

// Whatever is accepted can be written and read again, and is then the same.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Message>
void round_trip(const std::optional<Message>& message,
                std::optional<Message> (*parse)(std::string_view)) {
  if (!message) return;
  const auto line = kmatrix::agent::encode(*message);
  require(line.size() > 1 && line.back() == '\n' && line.find('\n') == line.size() - 1);
  const auto again = parse(std::string_view(line).substr(0, line.size() - 1));
  // A message may grow when it is written (escapes), beyond what a line can hold.
  if (line.size() > kmatrix::agent::max_line) return;
  require(again.has_value());
  require(kmatrix::agent::encode(*again) == line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kmatrix;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  round_trip<agent::FromGuest>(agent::parse_from_guest(line), agent::parse_from_guest);
  round_trip<agent::FromHost>(agent::parse_from_host(line), agent::parse_from_host);
  return 0;
}
