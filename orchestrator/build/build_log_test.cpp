// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/build_log.h"

#include <gtest/gtest.h>

namespace kmatrix::build {
namespace {

TEST(ObjectCounter, CountsWhatTheKernelAndItsModulesConsistOf) {
  ObjectCounter counter;
  counter.feed("  CC      kernel/a.o\n  HOSTCC  scripts/b.o\n  AS      arch/c.o\n  CC [M]  d.o\n");
  counter.feed("  LD [M]  d.ko\n  AR      built-in.a\n  CC      init/version.o");
  EXPECT_EQ(counter.count(), 3);
  counter.feed("\n  C");
  counter.feed("C      x.o\n  CC      not-an-object\n");
  EXPECT_EQ(counter.count(), 5);
}

TEST(FirstError, IsTheCompilersNotMakes) {
  EXPECT_EQ(first_error("  CC      kernel/a.o\n"
                        "make[3]: *** [scripts/Makefile.build:229: x.o] Error 1\n"
                        "/src/kernel/fork.c:12:3: warning: odd [-Wodd]\n"
                        "/src/kernel/fork.c:99:7: error: use of undeclared identifier 'x'\n"
                        "   99 |     x = 1;\n"
                        "/src/kernel/exit.c:1:1: error: later\n"),
            "kernel/fork.c:99:7: error: use of undeclared identifier 'x'");
}

TEST(FirstError, KnowsTheOtherToolsOfABuild) {
  EXPECT_EQ(first_error("ld.lld: error: undefined symbol: foo\n>>> referenced by x\n"),
            "ld.lld: error: undefined symbol: foo");
  EXPECT_EQ(first_error("ld: a.o: in function `b':\n/src/a.c:3: undefined reference to `c'\n"),
            "a.c:3: undefined reference to `c'");
  EXPECT_EQ(first_error("x\nERROR: modpost: \"foo\" [samples/a.ko] undefined!\n"),
            "ERROR: modpost: \"foo\" [samples/a.ko] undefined!");
  EXPECT_EQ(first_error("/src/arch/arm64/kernel/entry.S:5: Error: unknown mnemonic `foo'\n"),
            "arch/arm64/kernel/entry.S:5: Error: unknown mnemonic `foo'");
  EXPECT_EQ(first_error("a.c:1:10: fatal error: 'b.h' file not found\n"),
            "a.c:1:10: fatal error: 'b.h' file not found");
  EXPECT_EQ(first_error("make[2]: *** No rule to make target 'x.o', needed by 'y.a'.  Stop.\n"
                        "make[1]: *** [/src/Makefile:1: x] Error 2\n"),
            "make[2]: *** No rule to make target 'x.o', needed by 'y.a'.  Stop.");
  EXPECT_EQ(first_error("arch/arm64/Kconfig:250: syntax error\n"),
            "arch/arm64/Kconfig:250: syntax error");
}

TEST(FirstError, TakesNeitherWarningsNorSourceLinesForErrors) {
  EXPECT_EQ(first_error("a.c:1:1: warning: something\n"
                        "    5 |   printk(\"x: error: y\");\n"
                        "last words\n"),
            "a.c:1:1: warning: something\n    5 |   printk(\"x: error: y\");\nlast words");
}

TEST(FirstError, FallsBackToTheLastFiveLines) {
  EXPECT_EQ(first_error("1\n2\n3\n4\n5\n6\n"), "2\n3\n4\n5\n6");
  EXPECT_EQ(first_error(""), "");
}

TEST(OutsideCause, TellsTheMachinesTroubleFromTheKernels) {
  EXPECT_FALSE(outside_cause("a.c:1:1: error: b\nmake: *** [x] Error 1\n"));
  EXPECT_TRUE(outside_cause("fatal error: error writing to /build/x: No space left on device\n"));
  EXPECT_TRUE(outside_cause("clang: error: unable to execute command: Killed\n"));
  EXPECT_TRUE(outside_cause("make[2]: *** [x.o] Error 137\n"));
}

}  // namespace
}  // namespace kmatrix::build
