// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "suite/test_progs_output.h"

// The first byte holds the exit code and flags, the rest is the output.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kmatrix;
  if (size == 0) return 0;
  // Names of tests that the corpus has.
  const std::string test = (data[0] & 1) != 0 ? "bpf_cookie" : "fentry_test";
  suite::Finished finished;
  finished.timed_out = (data[0] & 2) != 0;
  finished.code = (data[0] & 0xF0) == 0xF0 ? 139 : data[0] >> 2 & 3;
  finished.taint_after = (data[0] & 16) != 0 ? 1U << 9 : 0;
  finished.output.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto judged = suite::judge_test_progs(test, finished);
  require(!judged.empty() && judged[0].name == test);
  std::set<std::string> names;
  for (const auto& each : judged) {
    require(names.insert(each.name).second);
    require(each.name.size() <= 4096 && each.message.size() <= 8192);
    for (const char c : each.name + each.message) require(c < 0 || c >= ' ' || c == '\t');
    require(each.error >= 0 && each.error < 4096);
    require(each.outcome != plan::Outcome::passed || each.raw.starts_with("OK"));
    if (&each != &judged[0]) require(each.name.starts_with(test + "/") && !each.raw.empty());
  }
  const bool good = !plan::is_bad(judged[0].outcome);
  require(!good || (finished.code == 0 && !finished.timed_out && !judged[0].raw.empty()));
  require(finished.timed_out == (judged[0].outcome == plan::Outcome::timed_out));
  require(judged[0].spoils || finished.taint_after == 0 || finished.timed_out);
  return 0;
}
