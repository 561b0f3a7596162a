// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "machine/console.h"

// The first byte says in pieces of which size the rest arrives; what is found must not depend on
// it, and stays within its bounds.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

kmatrix::machine::ConsoleReader read(std::string_view text, std::size_t piece) {
  kmatrix::machine::ConsoleReader reader;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    reader.feed(text.substr(0, piece));
  reader.finish();
  return reader;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read(text, size);
  const auto pieces = read(text, 1 + data[0]);
  require(whole.incidents().size() == pieces.incidents().size());
  require(whole.incidents().size() <= kmatrix::machine::ConsoleReader::max_incidents);
  require(whole.lines() == pieces.lines());
  require(!whole.panicked() || !whole.incidents().empty());
  for (std::size_t at = 0; at < whole.incidents().size(); ++at) {
    const auto& incident = whole.incidents()[at];
    require(incident.title == pieces.incidents()[at].title && !incident.title.empty());
    require(incident.title.size() <= 4096);
    require(!incident.lines.empty() && incident.lines.size() <= 200);
    require(incident.first_line >= 1 && incident.first_line <= whole.lines());
    std::size_t bytes = 0;
    for (const auto& line : incident.lines) bytes += line.size();
    require(bytes <= 32 * 1024);
  }
  return 0;
}
