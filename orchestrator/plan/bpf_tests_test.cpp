// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/bpf_tests.h"

#include <gtest/gtest.h>

namespace kmatrix::plan {
namespace {

using Words = std::vector<std::string>;

TEST(BpfTests, AreFoundInASource) {
  EXPECT_EQ(tests_in("static void test_helper(void)\n"
                     "void test_fentry_test(void)\n{\n}\n"
                     "void serial_test_fexit_stress(void)\n"
                     "void test_old_style()\n"
                     "void test_not_one(int x)\n"
                     "void other(void)\n"),
            (Words{"fentry_test", "fexit_stress", "old_style"}));
}

}  // namespace
}  // namespace kmatrix::plan
