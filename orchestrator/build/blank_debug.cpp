// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/blank_debug.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace kmatrix::build {

namespace {

/// Whether no machine and no disassembler reads a section.
bool is_debug(Elf* elf, const GElf_Shdr& head) {
  if ((head.sh_flags & SHF_ALLOC) != 0) return false;
  if (head.sh_type == SHT_PROGBITS) return true;
  if (head.sh_type != SHT_RELA && head.sh_type != SHT_REL) return false;
  Elf_Scn* const target = elf_getscn(elf, head.sh_info);
  GElf_Shdr target_head;
  return target != nullptr && gelf_getshdr(target, &target_head) != nullptr &&
         (target_head.sh_flags & SHF_ALLOC) == 0;
}

}  // namespace

void blank_debug(std::string& object) {
  elf_version(EV_CURRENT);
  std::vector<GElf_Shdr> blank;
  {
    const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_memory(object.data(), object.size()),
                                                  elf_end);
    if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF) return;
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
      GElf_Shdr head;
      if (gelf_getshdr(section, &head) != nullptr && is_debug(elf.get(), head))
        blank.push_back(head);
    }
  }
  for (const auto& head : blank) {
    if (head.sh_offset > object.size() || head.sh_size > object.size() - head.sh_offset) continue;
    const auto begin = object.begin() + static_cast<std::ptrdiff_t>(head.sh_offset);
    std::fill(begin, begin + static_cast<std::ptrdiff_t>(head.sh_size), '\0');
  }
}

}  // namespace kmatrix::build
