// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kconfig_expression.h"

#include <gtest/gtest.h>

namespace kmatrix::build {
namespace {

using Names = std::vector<std::string>;

TEST(KconfigExpression, EvaluatesAsKconfigDoes) {
  EXPECT_EQ(evaluate("A [=y]"), Tristate::yes);
  EXPECT_EQ(evaluate("A [=y] && B [=m]"), Tristate::module);
  EXPECT_EQ(evaluate("A [=n] || B [=m]"), Tristate::module);
  EXPECT_EQ(evaluate("!A [=m]"), Tristate::module);
  EXPECT_EQ(evaluate("!A [=y] || B [=y] && C [=n]"), Tristate::no);
  EXPECT_EQ(evaluate("(A [=n] || B [=y]) && !HEXAGON"), Tristate::yes);
}

TEST(KconfigExpression, ComparesNumbersAsNumbersAndTextAsText) {
  EXPECT_EQ(evaluate("PAHOLE_VERSION [=124]>=116"), Tristate::yes);
  EXPECT_EQ(evaluate("GCC_VERSION [=0]>=100100"), Tristate::no);
  EXPECT_EQ(evaluate("LD_VERSION [=9]<10"), Tristate::yes);
  EXPECT_EQ(evaluate("X [=0x10]=16"), Tristate::yes);
  EXPECT_EQ(evaluate("LEDS_CLASS [=n]=y [=y]"), Tristate::no);
  EXPECT_EQ(evaluate("A [=m]!=y"), Tristate::yes);
}

TEST(KconfigExpression, BlamesTheOperandsThatAreTooLow) {
  EXPECT_EQ(blockers("FTRACE [=y] && (REGS [=n] || ARGS [=y]) && HAVE [=n]", Tristate::yes),
            Names{"HAVE"});
  EXPECT_EQ(blockers("A [=n] || B [=n] && C [=y]", Tristate::yes), (Names{"A", "B"}));
  EXPECT_EQ(blockers("A [=m] && B [=y]", Tristate::yes), Names{"A"});
  EXPECT_EQ(blockers("A [=m] && B [=y]", Tristate::module), Names{});
}

TEST(KconfigExpression, BlamesNoSymbolForANegationOrAComparison) {
  EXPECT_EQ(blockers("A [=y] && !B [=y] && C [=0]>=3", Tristate::yes), Names{});
}

TEST(KconfigExpression, SurvivesTextThatIsNoExpression) {
  for (const auto* text : {"", "(", "((((", "A [=", "&& ||", ")", "!", "A [=y] &&"})
    EXPECT_LE(evaluate(text), Tristate::yes) << text;
  EXPECT_EQ(evaluate(std::string(100000, '(')), Tristate::no);
  EXPECT_LE(evaluate(std::string(100000, '!')), Tristate::yes);
}

}  // namespace
}  // namespace kmatrix::build
