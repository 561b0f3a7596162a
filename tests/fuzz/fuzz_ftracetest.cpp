// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdint>
#include <cstdlib>
#include <string>

#include "suite/ftracetest_output.h"

// The first byte holds the exit code and flags, the rest is the output.
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kmatrix;
  if (size == 0) return 0;
  const suite::TestFile file{"a/b.tc", "Test ftrace direct functions against tracers",
                             (data[0] & 1) != 0};
  suite::Finished finished;
  finished.timed_out = (data[0] & 2) != 0;
  finished.code = data[0] >> 2;
  finished.output.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto judged = suite::judge_ftracetest(file, finished);
  require(judged.size() == 1 || (judged.size() == 2 && file.has_instance_run));
  require(judged[0].name == file.name);
  bool all_good = true;
  for (const auto& each : judged) {
    require(each.message.find('\n') == std::string::npos && each.message.size() <= 4096);
    require((each.outcome != plan::Outcome::passed) || each.raw == "PASS");
    all_good = all_good && !plan::is_bad(each.outcome);
  }
  require(!all_good || (finished.code == 0 && !finished.timed_out));
  return 0;
}
