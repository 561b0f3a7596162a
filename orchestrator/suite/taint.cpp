// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/taint.h"

#include <fmt/format.h>
#include <array>
#include <string_view>
#include <vector>

#include "support/text.h"

namespace kmatrix::suite {
namespace {

struct Flag {
  char letter;
  std::string_view meaning;
};

// By bit number.
constexpr std::array<Flag, 20> flags = {{{'P', "a proprietary module"},
                                         {'F', "a module loaded by force"},
                                         {'S', "a CPU out of specification"},
                                         {'R', "a module unloaded by force"},
                                         {'M', "a machine check"},
                                         {'B', "a bad page"},
                                         {'U', "a user's request"},
                                         {'D', "an oops or BUG"},
                                         {'A', "an overridden ACPI table"},
                                         {'W', "a warning"},
                                         {'C', "a staging driver"},
                                         {'I', "a firmware workaround"},
                                         {'O', "an out-of-tree module"},
                                         {'E', "an unsigned module"},
                                         {'L', "a soft lockup"},
                                         {'K', "a live patch"},
                                         {'X', "auxiliary, by the distribution"},
                                         {'T', "a randomised structure layout"},
                                         {'N', "an in-kernel test"},
                                         {'J', "a fwctl command"}}};
constexpr std::uint64_t harmless = (1U << 12) | (1U << 13);

}  // namespace

std::string new_taint(std::uint64_t before, std::uint64_t after) {
  const auto fresh = after & ~before & ~harmless;
  std::vector<std::string> parts;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if ((fresh >> bit & 1) == 0) continue;
    if (bit < flags.size())
      parts.push_back(fmt::format("{} ({})", flags[bit].letter, flags[bit].meaning));
    else
      parts.push_back(fmt::format("bit {}", bit));
  }
  return support::join(parts, ", ");
}

}  // namespace kmatrix::suite
