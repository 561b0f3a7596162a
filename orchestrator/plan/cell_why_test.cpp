// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/cell_why.h"

#include <gtest/gtest.h>

namespace kmatrix::plan {
namespace {

const std::string digest_a(64, 'a');
const std::string digest_b(64, 'b');

CellParts parts() {
  return {{"cell", "1"},          {"kernel", digest_a}, {"accel", "tcg"},
          {"memory_mib", "1024"}, {"select", "a*"},     {"select", "b*"},
          {"image", digest_a},    {"kernel_args", ""},  {"hypervisor", ""}};
}

CellParts with(const std::string& name, const std::string& value) {
  auto changed = parts();
  for (auto& part : changed)
    if (part.first == name) part.second = value;
  return changed;
}

LastTime good() {
  LastTime last;
  last.run = 3;
  last.parts = parts();
  last.folder = "/runs/3/cell";
  return last;
}

TEST(WhyCellRuns, SaysThatItNeverRan) {
  EXPECT_EQ(why_cell_runs(std::nullopt, parts(), true), "never ran here");
}

TEST(WhyCellRuns, NamesEverythingThatChanged) {
  const auto why = [](const CellParts& now) { return why_cell_runs(good(), now, true); };
  EXPECT_EQ(why(with("kernel", digest_b)), "kernel changed: aaaaaaaaaaaa -> bbbbbbbbbbbb");
  EXPECT_EQ(why(with("memory_mib", "512")), "memory_mib 1024 -> 512");
  EXPECT_EQ(why(with("kernel_args", "quiet")), "kernel_args none -> quiet");
  EXPECT_EQ(why(with("select", "c*")), "select a*, b* -> c*, c*");
  EXPECT_EQ(why(with("cell", "2")), "kmatrix runs or judges cases differently now");
  auto two = with("accel", "kvm");
  two.erase(two.begin() + 6);
  EXPECT_EQ(why(two), "accel tcg -> kvm; image aaaaaaaaaaaa -> none");
}

TEST(WhyCellRuns, SaysWhatWasNotGoodTheLastTime) {
  const auto why = [](const auto& spoil) {
    auto last = good();
    spoil(last);
    return why_cell_runs(last, parts(), false);
  };
  EXPECT_EQ(why([](LastTime& last) { last.bad = "2 failed"; }),
            "its last result was bad: 2 failed (run 3)");
  EXPECT_EQ(why([](LastTime& last) { last.incidents = 1; }),
            "its last log was not clean: 1 incident (run 3)");
  EXPECT_EQ(why([](LastTime& last) { last.folder_is_gone = true; }),
            "its log folder is gone: /runs/3/cell (run 3)");
  EXPECT_EQ(why([](LastTime& last) { last.parts.clear(); }),
            "run 3 did not record what its results depended on");
  EXPECT_EQ(why([](LastTime& last) { last.state = CellState::interrupted; }),
            "run 3 ended before it");
  EXPECT_EQ(why([](LastTime& last) {
              last.state = CellState::blocked;
              last.reason = "kernel panic";
            }),
            "its last result was bad: blocked: kernel panic (run 3)");
}

TEST(WhyCellRuns, SaysThatItWasAskedFor) {
  EXPECT_EQ(why_cell_runs(good(), parts(), true), "nothing has changed, but --again was given");
}

}  // namespace
}  // namespace kmatrix::plan
