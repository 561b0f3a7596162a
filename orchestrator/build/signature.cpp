// SPDX-License-Identifier: GPL-2.0-or-later
// Two kernels are the same if a machine cannot tell them apart. What it loads are the allocated
// sections, with three things to mind:
// - Build ids are allocated notes, but a digest of the whole file, debug information included.
//   They are left out; the rest of the notes counts.
// - A module's code has holes where symbols go: two calls of different functions have the same
//   bytes. So the relocations of allocated sections count, each with what it means: a symbol's
//   name, or for a section symbol and the like the section's name and the value. Symbols' numbers
//   do not count, as debug information changes them.
// - Empty (NOBITS) sections have a size and no content.
#include "build/signature.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::Digest;
using support::Hasher;

namespace {

class ElfFile {
 public:
  explicit ElfFile(const fs::path& file) : fd_(open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    elf_version(EV_CURRENT);
    if (fd_ >= 0) elf_ = elf_begin(fd_, ELF_C_READ_MMAP, nullptr);
  }
  ~ElfFile() {
    elf_end(elf_);
    if (fd_ >= 0) close(fd_);
  }
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;
  Elf* get() const { return elf_; }

 private:
  int fd_;
  Elf* elf_ = nullptr;
};

class Signing {
 public:
  explicit Signing(Elf* elf) : elf_(elf) {}

  /// False if the file is not whole.
  bool run() {
    GElf_Ehdr header;
    if (elf_kind(elf_) != ELF_K_ELF || gelf_getehdr(elf_, &header) == nullptr ||
        elf_getshdrstrndx(elf_, &names_) != 0 || !has_all_sections(header))
      return false;
    hasher_.field("elf", fmt::format("{} {} {} {:x}", header.e_ident[EI_CLASS], header.e_machine,
                                     header.e_type, header.e_entry));
    const bool relocatable = header.e_type == ET_REL;
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
      GElf_Shdr head;
      if (gelf_getshdr(section, &head) == nullptr) return false;
      if ((head.sh_flags & SHF_ALLOC) != 0) {
        if (!add_section(section, head)) return false;
      } else if (relocatable && (head.sh_type == SHT_RELA || head.sh_type == SHT_REL)) {
        if (!add_relocations(section, head)) return false;
      }
    }
    return true;
  }

  Digest finish() { return hasher_.finish(); }

 private:
  /// The section headers come last in a file, so one that was cut lacks some; libelf then sees
  /// none.
  bool has_all_sections(const GElf_Ehdr& header) const {
    std::size_t size = 0, count = 0;
    return elf_rawfile(elf_, &size) != nullptr && elf_getshdrnum(elf_, &count) == 0 && count > 0 &&
           header.e_shoff + count * header.e_shentsize <= size && header.e_shoff != 0 &&
           (header.e_shnum == 0 || header.e_shnum == count);
  }

  std::string name_of(const GElf_Shdr& head) const {
    const char* const name = elf_strptr(elf_, names_, head.sh_name);
    return name == nullptr ? "" : name;
  }

  bool add_section(Elf_Scn* section, const GElf_Shdr& head) {
    hasher_.field("section", name_of(head))
        .field("head", fmt::format("{:x} {:x} {:x} {:x}", head.sh_type, head.sh_flags, head.sh_addr,
                                   head.sh_addralign));
    if (head.sh_type == SHT_NOBITS) {
      hasher_.field("size", fmt::format("{:x}", head.sh_size));
      return true;
    }
    Elf_Data* const data = elf_rawdata(section, nullptr);
    if (data == nullptr || data->d_size != head.sh_size) return false;
    if (head.sh_type == SHT_NOTE) return add_notes(section);
    hasher_.field("content", {static_cast<const char*>(data->d_buf), data->d_size});
    return true;
  }

  bool add_notes(Elf_Scn* section) {
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr) return false;
    GElf_Nhdr note;
    std::size_t name = 0, content = 0;
    for (std::size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &content)) > 0;) {
      const auto* const bytes = static_cast<const char*>(data->d_buf);
      const std::string_view owner(bytes + name, note.n_namesz);
      if (note.n_type == NT_GNU_BUILD_ID && owner == std::string_view("GNU\0", 4)) continue;
      hasher_.field("note", owner)
          .field("type", std::to_string(note.n_type))
          .field("content", {bytes + content, note.n_descsz});
    }
    return true;
  }

  bool add_relocations(Elf_Scn* section, const GElf_Shdr& head) {
    GElf_Shdr target;
    Elf_Scn* const target_section = elf_getscn(elf_, head.sh_info);
    if (target_section == nullptr || gelf_getshdr(target_section, &target) == nullptr) return false;
    if ((target.sh_flags & SHF_ALLOC) == 0) return true;
    Elf_Data* const data = elf_getdata(section, nullptr);
    Elf_Scn* const symbols = elf_getscn(elf_, head.sh_link);
    GElf_Shdr symbols_head;
    if (data == nullptr || symbols == nullptr || gelf_getshdr(symbols, &symbols_head) == nullptr ||
        head.sh_entsize == 0)
      return false;
    Elf_Data* const table = elf_getdata(symbols, nullptr);
    hasher_.field("relocations of", name_of(target));
    for (int i = 0; i < static_cast<int>(head.sh_size / head.sh_entsize); ++i) {
      GElf_Rela each{};
      if (head.sh_type == SHT_RELA) {
        if (gelf_getrela(data, i, &each) == nullptr) return false;
      } else {
        GElf_Rel without;
        if (gelf_getrel(data, i, &without) == nullptr) return false;
        each.r_offset = without.r_offset;
        each.r_info = without.r_info;
      }
      hasher_.field("relocation", fmt::format("{:x} {:x} {:x}", each.r_offset,
                                              GELF_R_TYPE(each.r_info), each.r_addend));
      if (!add_symbol(table, symbols_head, static_cast<int>(GELF_R_SYM(each.r_info)))) return false;
    }
    return true;
  }

  bool add_symbol(Elf_Data* table, const GElf_Shdr& head, int index) {
    GElf_Sym symbol;
    if (table == nullptr || gelf_getsym(table, index, &symbol) == nullptr) return false;
    const char* const name = elf_strptr(elf_, head.sh_link, symbol.st_name);
    hasher_.field("symbol", name == nullptr ? "" : name);
    GElf_Shdr home;
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE) {
      hasher_.field("in", std::to_string(symbol.st_shndx));
    } else if (Elf_Scn* const section = elf_getscn(elf_, symbol.st_shndx);
               section != nullptr && gelf_getshdr(section, &home) != nullptr) {
      hasher_.field("in", name_of(home));
    } else {
      return false;
    }
    hasher_.field("value", fmt::format("{:x}", symbol.st_value));
    return true;
  }

  Elf* elf_;
  std::size_t names_ = 0;
  Hasher hasher_;
};

/// "name value size info section" of a symbol that counts, else "".
std::string symbol_words(Elf* elf, const GElf_Shdr& table, std::size_t names,
                         const GElf_Sym& symbol) {
  const auto type = GELF_ST_TYPE(symbol.st_info);
  if (symbol.st_shndx == SHN_UNDEF || type == STT_FILE || type == STT_SECTION) return {};
  std::string home = std::to_string(symbol.st_shndx);
  if (symbol.st_shndx < SHN_LORESERVE) {
    GElf_Shdr head;
    Elf_Scn* const section = elf_getscn(elf, symbol.st_shndx);
    if (section == nullptr || gelf_getshdr(section, &head) == nullptr ||
        (head.sh_flags & SHF_ALLOC) == 0)
      return {};
    const char* const name = elf_strptr(elf, names, head.sh_name);
    home = name == nullptr ? "" : name;
  }
  const char* const name = elf_strptr(elf, table.sh_link, symbol.st_name);
  return fmt::format("{} {:x} {:x} {:x} {}", name == nullptr ? "" : name, symbol.st_value,
                     symbol.st_size, symbol.st_info, home);
}

/// `object` must outlive it.
std::unique_ptr<Elf, int (*)(Elf*)> open_in_memory(std::string& object) {
  elf_version(EV_CURRENT);
  return {elf_memory(object.data(), object.size()), elf_end};
}

}  // namespace

Digest symbols_digest(std::string object) {
  const auto elf = open_in_memory(object);
  std::size_t names = 0;
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF ||
      elf_getshdrstrndx(elf.get(), &names) != 0)
    return {};
  std::vector<std::string> symbols;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
    GElf_Shdr head;
    if (gelf_getshdr(section, &head) == nullptr || head.sh_type != SHT_SYMTAB) continue;
    Elf_Data* const data = elf_getdata(section, nullptr);
    GElf_Sym symbol;
    for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i)
      symbols.push_back(symbol_words(elf.get(), head, names, symbol));
  }
  // Debug information adds symbols that do not count, and so moves others.
  std::sort(symbols.begin(), symbols.end());
  Hasher hasher;
  for (const auto& symbol : symbols)
    if (!symbol.empty()) hasher.field("symbol", symbol);
  return hasher.finish();
}

Digest code_sizes_digest(std::string object) {
  const auto elf = open_in_memory(object);
  std::size_t names = 0;
  GElf_Ehdr header;
  if (elf == nullptr || gelf_getehdr(elf.get(), &header) == nullptr ||
      header.e_machine != EM_AARCH64 || elf_getshdrstrndx(elf.get(), &names) != 0)
    return {};
  Hasher hasher;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
    GElf_Shdr head;
    if (gelf_getshdr(section, &head) == nullptr || (head.sh_flags & SHF_EXECINSTR) == 0 ||
        head.sh_size == 0)
      continue;
    const char* const name = elf_strptr(elf.get(), names, head.sh_name);
    hasher.field("section", name == nullptr ? "" : name)
        .field("size", fmt::format("{:x}", head.sh_size));
  }
  return hasher.finish();
}

Result<Digest> elf_signature(const fs::path& file) {
  const ElfFile elf(file);
  if (elf.get() == nullptr) return support::infrastructure_error("cannot read " + file.string());
  Signing signing(elf.get());
  if (!signing.run()) return support::infrastructure_error(file.string() + " is no whole ELF file");
  return signing.finish();
}

Result<Digest> section_digest(const fs::path& file, const std::string& name) {
  const ElfFile elf(file);
  std::size_t names = 0;
  if (elf.get() == nullptr || elf_kind(elf.get()) != ELF_K_ELF ||
      elf_getshdrstrndx(elf.get(), &names) != 0)
    return support::infrastructure_error(file.string() + " is no whole ELF file");
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
    GElf_Shdr head;
    if (gelf_getshdr(section, &head) == nullptr) break;
    const char* const is = elf_strptr(elf.get(), names, head.sh_name);
    if (is == nullptr || name != is || head.sh_type == SHT_NOBITS) continue;
    Elf_Data* const data = elf_rawdata(section, nullptr);
    if (data == nullptr) break;
    return support::digest_of({static_cast<const char*>(data->d_buf), data->d_size});
  }
  return Digest();
}

}  // namespace kmatrix::build
