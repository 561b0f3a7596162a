// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <string>

#include "spec/mbox.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kmatrix;
  const std::string text(reinterpret_cast<const char*>(data), size);
  spec::Problems problems;
  const auto patches = spec::parse_mbox(text, "s.mbx", {"x.yaml", 1, 1}, problems);
  require(!patches.empty() || !problems.none());
  for (const auto& patch : patches) {
    require(patch.content.starts_with("diff --git ") || patch.content.starts_with("--- "));
    require(patch.first_line >= 1 && patch.title.find('\n') == std::string::npos);
  }
  return 0;
}
