// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/disassembly.h"

#include <gtest/gtest.h>

#include <map>

namespace kmatrix::build {
namespace {

/// The lines of each object, joined.
std::map<std::size_t, std::string> lines_of(std::string_view output, std::size_t piece = 1000) {
  std::map<std::size_t, std::string> lines;
  DisassemblyText text([&](std::size_t object, std::string_view line) { lines[object] += line; });
  for (; !output.empty(); output.remove_prefix(std::min(piece, output.size())))
    text.feed(output.substr(0, piece));
  text.finish();
  return lines;
}

constexpr const char* of_llvm =
    "\n0.o:\tfile format elf64-littleaarch64\n\nDisassembly of section .text:\n\n<f>:\n"
    "               \tcbnz\tw0, 0x44 <f+0x44>\n"
    "               \tbl\t0x20 <f+0x20>\n"
    "\t\tR_AARCH64_CALL26\tg\n"
    "               \tadrp\tx8, 0x1000 <f+0xf00>\n"
    "\t\tR_AARCH64_ADR_GOT_PAGE\tbuf\n"
    "               \tmov\tw0, #0x1                // =1\n"
    "\n12.o:\tfile format elf64-littleaarch64\n\nDisassembly of section .text:\n\n<g>:\n"
    "               \tret\n";

TEST(DisassemblyText, LeavesOutAddressesAndWhatRelocationsSay) {
  const auto lines = lines_of(of_llvm);
  EXPECT_EQ(lines.at(0),
            "Disassembly of section .text:\n<f>:\n"
            "               \tcbnz\tw0, <f+0x44>\n"
            "               \tbl\t\n"
            "\t\tR_AARCH64_CALL26\tg\n"
            "               \tadrp\tx8, \n"
            "\t\tR_AARCH64_ADR_GOT_PAGE\tbuf\n"
            "               \tmov\tw0, #0x1                // =1\n");
  EXPECT_EQ(lines.at(12), "Disassembly of section .text:\n<g>:\n               \tret\n");
}

TEST(DisassemblyText, UnderstandsBinutilsToo) {
  const auto lines = lines_of(
      "\n3.o:     file format elf64-x86-64\n\n\nDisassembly of section .text:\n\n<f>:\n"
      "\tjle    <f+0x50>\n\tcall   <f+0x26>\n\t\t\tR_X86_64_PLT32\tg-0x4\n"
      "\tlea    0x0(%rip),%rax        # <f+0x3a>\n\t\t\tR_X86_64_PC32\tbuf-0x4\n"
      "\tb.ne\t<f+0x1c>  // b.any\n");
  EXPECT_EQ(lines.at(3),
            "Disassembly of section .text:\n<f>:\n\tjle    <f+0x50>\n\tcall   \n"
            "\t\t\tR_X86_64_PLT32\tg-0x4\n\tlea    0x0(%rip),%rax        # \n"
            "\t\t\tR_X86_64_PC32\tbuf-0x4\n\tb.ne\t<f+0x1c>  // b.any\n");
}

TEST(DisassemblyText, DoesNotDependOnHowOutputIsCutIntoPieces) {
  const auto whole = lines_of(of_llvm);
  for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(lines_of(of_llvm, piece), whole);
}

TEST(DisassemblyText, KeepsComplaintsApart) {
  std::string lines;
  DisassemblyText text([&](std::size_t, std::string_view line) { lines += line; });
  text.feed("objdump: x\n0.o:\tfile format elf64-x86-64\n<f>:\nobjdump: warning: y\n\tret\n");
  text.finish();
  EXPECT_EQ(text.complaints(), "objdump: x\nobjdump: warning: y\n");
  EXPECT_EQ(lines, "<f>:\n\tret\n");
}

}  // namespace
}  // namespace kmatrix::build
