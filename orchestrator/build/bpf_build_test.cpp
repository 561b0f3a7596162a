// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/bpf_build.h"

#include <gtest/gtest.h>

#include "build/bpf_log.h"

namespace kmatrix::build {
namespace {

TEST(BpfLog, NamesWhatFailedWithItsOwnError) {
  const auto failures = parse_bpf_log(
      "  CLNG-BPF [test_progs] good.bpf.o\n"
      "progs/nf.c:14:10: error: incomplete definition of type 'struct nf_conn'\n"
      "1 error generated.\n"
      "make: *** [Makefile:833: /src/tools/testing/selftests/bpf/nf.bpf.o] Error 1\n"
      "/src/tools/testing/selftests/bpf/prog_tests/mptcp.c:9:10: fatal error: 'mptcp.skel.h' file "
      "not "
      "found\n"
      "make: *** [Makefile:833: /src/tools/testing/selftests/bpf/mptcp.test.o] Error 1\n"
      "make: Target 'test_progs' not remade because of errors.\n");
  ASSERT_EQ(failures.programs.size(), 1U);
  EXPECT_EQ(failures.programs.at("nf"),
            "progs/nf.c:14:10: error: incomplete definition of type 'struct nf_conn'");
  ASSERT_EQ(failures.tests.size(), 1U);
  EXPECT_EQ(failures.tests.at("mptcp"),
            "prog_tests/mptcp.c:9:10: fatal error: 'mptcp.skel.h' file not found");
  EXPECT_TRUE(failures.others.empty());
}

TEST(BpfLog, KeepsErrorsOfSeveralJobsApart) {
  const auto failures = parse_bpf_log(
      "progs/a.c:1:1: error: of a\n"
      "progs/b.c:2:2: error: of b\n"
      "make: *** [Makefile:1: /src/x/b.bpf.o] Error 1\n"
      "make: *** [Makefile:1: /src/x/a.bpf.o] Error 1\n");
  EXPECT_EQ(failures.programs.at("a"), "progs/a.c:1:1: error: of a");
  EXPECT_EQ(failures.programs.at("b"), "progs/b.c:2:2: error: of b");
}

TEST(BpfLog, KnowsSkeletonsAndTheRest) {
  const auto failures = parse_bpf_log(
      "Error: failed to load\n"
      "make: *** [Makefile:1: /src/x/map_ptr_kern.lskel.h] Error 255\n"
      "make[1]: *** [Makefile:90: libarena.bpf.o] Error 1\n"
      "make: *** [Makefile:884: libarena/libarena.skel.h] Error 2\n"
      "make: *** [Makefile:7: /src/x/urandom_read] Error 1\n");
  EXPECT_EQ(failures.programs.at("map_ptr_kern"), "Error: failed to load");
  EXPECT_EQ(failures.programs.size(), 2U) << "what is libarena's own is no program of progs/";
  EXPECT_EQ(failures.programs.count("libarena"), 1U);
  EXPECT_EQ(failures.others.count("urandom_read"), 1U);
}

TEST(BpfLog, SurvivesAnything) {
  EXPECT_TRUE(parse_bpf_log("").empty());
  EXPECT_TRUE(parse_bpf_log("make: *** [] Error ").empty());
  EXPECT_TRUE(parse_bpf_log("make: *** No rule to make target 'x'.  Stop.\n").empty());
}

TEST(BpfTests, UseAProgramByItsSkeletonOrObject) {
  EXPECT_TRUE(uses_program("#include \"nf.skel.h\"\n", "nf"));
  EXPECT_TRUE(uses_program("#include \"nf.lskel.h\"\n", "nf"));
  EXPECT_TRUE(uses_program("file = \"./nf.bpf.o\";\n", "nf"));
  EXPECT_FALSE(uses_program("#include \"test_nf.skel.h\"\n", "nf"));
  EXPECT_FALSE(uses_program("#include \"nf_other.skel.h\"\n", "nf"));
}

}  // namespace
}  // namespace kmatrix::build
