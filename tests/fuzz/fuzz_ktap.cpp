// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "suite/ktap_judge.h"
#include "suite/ktap_output.h"

// The first byte holds the exit code and flags, the rest is the output.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kmatrix;
  if (size == 0) return 0;
  suite::Finished finished;
  finished.timed_out = (data[0] & 1) != 0;
  const bool either = (data[0] & 2) != 0;
  finished.code = (data[0] & 0xF0) == 0xF0 ? 139 : data[0] >> 2 & 7;
  finished.output.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto judged =
      either ? suite::judge_either("case", finished) : suite::judge_ktap("case", finished);
  require(!judged.empty() && judged[0].name == "case");
  require(judged.size() <= suite::Ktap::max_results + 1);
  std::set<std::string> names;
  bool any_bad = false;
  for (const auto& each : judged) {
    require(names.insert(each.name).second);
    require(each.name.size() <= 16384 && each.message.size() <= 16384);
    for (const char c : each.name + each.message) require(c == ' ' || c < 0 || c > ' ');
    if (&each == &judged[0]) continue;
    require(each.name.starts_with("case/"));
    require(!each.raw.empty() || each.outcome == plan::Outcome::missing);
    any_bad = any_bad || plan::is_bad(each.outcome);
  }
  // The case is at least as bad as its exit code and each of its subtests.
  const bool is_bad = plan::is_bad(judged[0].outcome);
  require(is_bad || !any_bad);
  require(is_bad || ((finished.code == 0 || finished.code == 4) && !finished.timed_out));
  require(finished.timed_out == (judged[0].outcome == plan::Outcome::timed_out) || any_bad);
  return 0;
}
