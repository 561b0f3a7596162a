// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/relations.h"

#include <gtest/gtest.h>

namespace kmatrix::build {
namespace {

// Of Linux 6.12, arm64, clang 19 with CFI_CLANG=y and without the direct-calls series.
constexpr std::string_view dump = R"(Symbol: CFI_CLANG [=y]
Type  : bool
Defined at arch/Kconfig:824
  Prompt: Use Clang's Control Flow Integrity (CFI)
  Depends on: ARCH_SUPPORTS_CFI_CLANG [=y]
  Location:
    -> General architecture-dependent options
      -> Use Clang's Control Flow Integrity (CFI) (CFI_CLANG [=y])


Symbol: DYNAMIC_FTRACE_WITH_CALL_OPS [=n]
Type  : bool
Defined at kernel/trace/Kconfig:278
  Depends on: FTRACE [=y] && HAVE_DYNAMIC_FTRACE_WITH_CALL_OPS [=n]


Symbol: DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n]
Type  : bool
Defined at kernel/trace/Kconfig:273
  Depends on: FTRACE [=y] && (DYNAMIC_FTRACE_WITH_REGS [=n] || DYNAMIC_FTRACE_WITH_ARGS [=y]) && HAVE_DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n]


Symbol: FTRACE [=y]
Type  : bool
Defined at kernel/trace/Kconfig:182
  Prompt: Tracers
  Depends on: TRACING_SUPPORT [=y]
Selects: STACKTRACE [=y] && TRACING [=y]


Symbol: HAVE_DYNAMIC_FTRACE_WITH_CALL_OPS [=n]
Type  : bool
Defined at kernel/trace/Kconfig:54
Selected by [n]:
  - ARM64 [=y] && DYNAMIC_FTRACE_WITH_ARGS [=y] && !CFI_CLANG [=y] && (CC_IS_CLANG [=y] || !CC_OPTIMIZE_FOR_SIZE [=n])


Symbol: HAVE_DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n]
Type  : bool
Defined at kernel/trace/Kconfig:45
Selected by [n]:
  - ARM64 [=y] && DYNAMIC_FTRACE_WITH_ARGS [=y] && DYNAMIC_FTRACE_WITH_CALL_OPS [=n]


Symbol: MISC_FILESYSTEMS [=n]
Type  : bool
Defined at fs/Kconfig:299
  Prompt: Miscellaneous filesystems


Symbol: EROFS_FS [=n]
Type  : tristate
Defined at fs/erofs/Kconfig:3
  Prompt: EROFS filesystem support
  Depends on: MISC_FILESYSTEMS [=n] && BLOCK [=y]
Selects: FS_IOMAP [=n]
Implied by [n]:
  - SOMETHING [=n]


Symbol: CRYPTO [=y]
Type  : tristate
Defined at crypto/Kconfig:16
  Prompt: Cryptographic API
Selected by [y]:
  - EROFS_FS [=y]
Selected by [n]:
  - BIG_KEYS [=n] && KEYS [=n]


Symbol: ARCH_ONLY [=n]
Type  : bool
Defined at arch/Kconfig:1
)";

const RelationTable& table() {
  static const RelationTable parsed = parse_relations(dump);
  return parsed;
}

TEST(Relations, TakesEachSymbolApart) {
  ASSERT_EQ(table().size(), 10U);
  const auto& ftrace = table().at("FTRACE");
  EXPECT_EQ(ftrace.value, "y");
  EXPECT_EQ(ftrace.type, "bool");
  EXPECT_TRUE(ftrace.has_prompt);
  EXPECT_EQ(ftrace.depends_on, std::vector<std::string>{"TRACING_SUPPORT [=y]"});
  EXPECT_EQ(table().at("CRYPTO").selected_by.size(), 2U);
  EXPECT_TRUE(table().at("EROFS_FS").selected_by.empty()) << "implied is not selected";
  EXPECT_FALSE(table().at("DYNAMIC_FTRACE_WITH_DIRECT_CALLS").has_prompt);
}

TEST(Account, FollowsWhatHoldsASymbolUpThreeSteps) {
  EXPECT_EQ(account(table(), "DYNAMIC_FTRACE_WITH_DIRECT_CALLS", "y"),
            R"(DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n], kernel/trace/Kconfig:273
  depends on FTRACE [=y] && (DYNAMIC_FTRACE_WITH_REGS [=n] || DYNAMIC_FTRACE_WITH_ARGS [=y]) && HAVE_DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n]
HAVE_DYNAMIC_FTRACE_WITH_DIRECT_CALLS [=n], kernel/trace/Kconfig:45
  selected by ARM64 [=y] && DYNAMIC_FTRACE_WITH_ARGS [=y] && DYNAMIC_FTRACE_WITH_CALL_OPS [=n]
DYNAMIC_FTRACE_WITH_CALL_OPS [=n], kernel/trace/Kconfig:278
  depends on FTRACE [=y] && HAVE_DYNAMIC_FTRACE_WITH_CALL_OPS [=n]
HAVE_DYNAMIC_FTRACE_WITH_CALL_OPS [=n], kernel/trace/Kconfig:54
  selected by ARM64 [=y] && DYNAMIC_FTRACE_WITH_ARGS [=y] && !CFI_CLANG [=y] && (CC_IS_CLANG [=y] || !CC_OPTIMIZE_FOR_SIZE [=n]))");
}

TEST(Account, NamesTheSymbolThatNobodyAskedFor) {
  EXPECT_EQ(account(table(), "EROFS_FS", "y"), R"(EROFS_FS [=n], fs/erofs/Kconfig:3
  depends on MISC_FILESYSTEMS [=n] && BLOCK [=y]
MISC_FILESYSTEMS [=n], fs/Kconfig:299
  can be set, but nobody asked for it)");
}

TEST(Account, SaysWhatSwitchesAnUnwantedSymbolOn) {
  EXPECT_EQ(account(table(), "CRYPTO", "n"), R"(CRYPTO [=y], crypto/Kconfig:16
  selected by EROFS_FS [=y])");
}

TEST(Account, SaysThatASymbolIsOutOfReach) {
  EXPECT_EQ(account(table(), "ARCH_ONLY", "y"), R"(ARCH_ONLY [=n], arch/Kconfig:1
  has no prompt, and nothing selects it)");
}

TEST(Account, SaysThatACompilerTestFailed) {
  const auto gcc = parse_relations(
      "Symbol: CFI_CLANG [=n]\nType  : bool\nDefined at arch/Kconfig:824\n  Prompt: x\n"
      "  Depends on: n [=n]\n");
  EXPECT_EQ(account(gcc, "CFI_CLANG", "y"), R"(CFI_CLANG [=n], arch/Kconfig:824
  depends on n [=n] (a test of the compiler or linker in that Kconfig line failed))");
}

TEST(Account, IsEmptyForAnUnknownSymbol) { EXPECT_EQ(account(table(), "NOTHING", "y"), ""); }

TEST(Account, EndsWhereSymbolsDependOnEachOther) {
  const auto circle = parse_relations(
      "Symbol: A [=n]\n  Depends on: B [=n]\n\nSymbol: B [=n]\n  Depends on: A [=n]\n");
  EXPECT_EQ(account(circle, "A", "y"), "A [=n]\n  depends on B [=n]\nB [=n]\n  depends on A [=n]");
}

}  // namespace
}  // namespace kmatrix::build
