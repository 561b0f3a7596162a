// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/host.h"

#include <gtest/gtest.h>

namespace kmatrix::run {
namespace {

TEST(Host, ReadsTheQuotaOfACgroup) {
  EXPECT_EQ(cores_of_quota("max 100000\n"), 0);
  EXPECT_EQ(cores_of_quota("350000 100000\n"), 3);
  EXPECT_EQ(cores_of_quota("50000 100000\n"), 1);
  EXPECT_EQ(cores_of_quota(""), 0);
  EXPECT_EQ(cores_of_quota("100000 0"), 0);
}

TEST(Host, ReadsTheMemoryThatIsAvailable) {
  EXPECT_EQ(available_mib("MemTotal:       24689764 kB\nMemAvailable:   20480000 kB\n"), 20000);
  EXPECT_EQ(available_mib("MemTotal: 5 kB\n"), 0);
}

TEST(Host, HasSomething) {
  const auto host = measure_host();
  EXPECT_GE(host.cores, 1);
  EXPECT_GT(host.memory_mib, 0);
}

}  // namespace
}  // namespace kmatrix::run
