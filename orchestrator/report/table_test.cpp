// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/table.h"

#include <gtest/gtest.h>

namespace kmatrix::report {
namespace {

TEST(Table, AlignsColumnsAndEndsNoLineInSpaces) {
  Table table(2);
  table.add({"a", "long word", "c"});
  table.add({"longer", "", "c"});
  table.add({"b"});
  EXPECT_EQ(table.render(false),
            "  a       long word  c\n"
            "  longer             c\n"
            "  b\n");
}

TEST(Table, AlignsByCharactersInsteadOfBytes) {
  Table table;
  table.add({"\xC3\xA9\xC3\xA9", "x"});
  table.add({"ee", "x"});
  EXPECT_EQ(table.render(false), "\xC3\xA9\xC3\xA9  x\nee  x\n");
}

TEST(Table, LeavesOutAColumnThatIsEmptyInAllRows) {
  Table table;
  table.add({"", "a", "", "b"});
  EXPECT_EQ(table.render(false), "a  b\n");
}

TEST(Table, ColoursDoNotMoveColumns) {
  Table table;
  table.add({Piece("passed", Tone::good), "x"});
  table.add({Piece("ok", Tone::bad), "x"});
  EXPECT_EQ(table.render(true), "\x1b[32mpassed\x1b[0m  x\n\x1b[31mok\x1b[0m      x\n");
  EXPECT_EQ(table.render(false), "passed  x\nok      x\n");
}

}  // namespace
}  // namespace kmatrix::report
