// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/object_counts.h"

#include <gtest/gtest.h>

#include "build/artefact.h"
#include "support/file.h"

namespace kmatrix::build {
namespace {

class ObjectCountsTest : public testing::Test {
 protected:
  void add(const std::string& kernel, const std::string& config, const std::string& time,
           int objects) {
    const auto files = files_below(cache_.path() / "kernels" / std::to_string(++number_));
    BuildRecord made;
    made.kernel = kernel;
    made.arch = "arm64";
    made.finished_at = time;
    made.info.objects = objects;
    ASSERT_TRUE(support::write_file(files.info, to_json(made)));
    ASSERT_TRUE(support::write_file(files.config, config));
  }
  int expected(const std::string& config, const std::string& arch = "arm64") const {
    return ObjectCounts(cache_.path()).expected({"t/s/c", "t", "s", "c", arch, {}}, config);
  }

  support::TempFolder cache_ =
      std::move(*support::TempFolder::create(testing::TempDir(), "counts"));
  int number_ = 0;
};

const std::string small = "CONFIG_A=y\nCONFIG_B=y\nCONFIG_HZ=100\n";
const std::string large = "CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=m\nCONFIG_D=y\n# CONFIG_E is not set\n";

TEST_F(ObjectCountsTest, KnowsNothingOfAnArchitectureThatWasNeverBuilt) {
  EXPECT_EQ(expected(small), 0);
  add("t/s/c", small, "2026-01-01T00:00:00Z", 100);
  EXPECT_EQ(expected(small, "x86_64"), 0);
}

TEST_F(ObjectCountsTest, TakesTheBuildOfTheNearestConfig) {
  add("t/s/c", small, "2026-01-09T00:00:00Z", 100);
  add("other", large, "2026-01-01T00:00:00Z", 400);
  EXPECT_EQ(expected(small), 100);
  EXPECT_EQ(expected(large), 400);
  EXPECT_EQ(expected(large + "CONFIG_E=y\n"), 500) << "more symbols, more objects";
}

TEST_F(ObjectCountsTest, OfSeveralTakesTheOneOfTheNameAndTheNewest) {
  add("other", small, "2026-01-05T00:00:00Z", 100);
  add("other", small, "2026-01-06T00:00:00Z", 200);
  EXPECT_EQ(expected(small), 200);
  add("t/s/c", small, "2026-01-01T00:00:00Z", 300);
  EXPECT_EQ(expected(small), 300);
}

TEST_F(ObjectCountsTest, PassesOverWhatCannotBeRead) {
  add("t/s/c", small, "2026-01-01T00:00:00Z", 100);
  ASSERT_TRUE(support::write_file(cache_.path() / "kernels/bad/build.json", "{"));
  ASSERT_TRUE(support::write_file(cache_.path() / "kernels/bad/config", small));
  EXPECT_EQ(expected(small), 100);
}

}  // namespace
}  // namespace kmatrix::build
