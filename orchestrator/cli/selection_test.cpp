// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/selection.h"

#include <gtest/gtest.h>

namespace kmatrix::cli {
namespace {

TEST(Selection, AResumedRunGetsBackWhatWasAskedFor) {
  RunOptions options;
  options.experiment.only = {"suite=boot,ftrace-direct", "series=base"};
  options.again = true;
  options.jobs = 3;
  RunOptions resumed;
  ASSERT_TRUE(apply_selection(to_selection(options), resumed));
  EXPECT_EQ(resumed.experiment.only, options.experiment.only);
  EXPECT_TRUE(resumed.again);
  EXPECT_EQ(resumed.jobs, 0);
}

TEST(Selection, OfARerunHasWhatItRepeats) {
  RunOptions options;
  options.rerun = {3, true, {"*boot"}, {"a", "b"}};
  RunOptions resumed;
  ASSERT_TRUE(apply_selection(to_selection(options), resumed));
  EXPECT_EQ(resumed.rerun.of, 3);
  EXPECT_TRUE(resumed.rerun.failed);
  EXPECT_EQ(resumed.rerun.cells, options.rerun.cells);
  EXPECT_EQ(resumed.rerun.cases, options.rerun.cases);
}

TEST(Selection, AReplayIsKept) {
  RunOptions options, resumed;
  options.replay = {"digest", "a cell of run 3", {"a", "b"}, 5};
  ASSERT_TRUE(apply_selection(to_selection(options), resumed));
  EXPECT_EQ(resumed.replay.bundle, "digest");
  EXPECT_EQ(resumed.replay.of, "a cell of run 3");
  EXPECT_EQ(resumed.replay.skip, options.replay.skip);
  EXPECT_EQ(resumed.replay.times, 5);
}

TEST(Selection, ARunOfAnOldSchemaHasNone) {
  RunOptions options;
  ASSERT_TRUE(apply_selection("", options));
  EXPECT_TRUE(options.experiment.only.empty());
}

TEST(Selection, SaysThatItIsDamaged) {
  RunOptions options;
  for (const auto* text : {"{", "[]", R"({"only": 3, "again": false})", R"({"again": true})"}) {
    const auto applied = apply_selection(text, options);
    ASSERT_FALSE(applied) << text;
    EXPECT_EQ(applied.error().kind, ErrorKind::infrastructure);
  }
}

}  // namespace
}  // namespace kmatrix::cli
