// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/disassembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "build/toolchain.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::Digest;

namespace {

/// The number of an object in "12.o:    file format elf64-littleaarch64".
std::optional<std::size_t> object_of(std::string_view line) {
  std::size_t number = 0;
  const auto* const end = line.data() + line.size();
  const auto [rest, failure] = std::from_chars(line.data(), end, number);
  const std::string_view after(rest, static_cast<std::size_t>(end - rest));
  const bool is_head = failure == std::errc() && after.starts_with(".o:") &&
                       after.find("file format ") != std::string_view::npos;
  return is_head ? std::optional(number) : std::nullopt;
}

/// "b 0x3c <f+0x3c>" -> "b <f+0x3c>", or if the instruction is relocated -> "b".
std::string without_addresses(std::string_view line, bool relocated) {
  std::string text;
  while (true) {
    const auto open = line.find('<');
    const auto close = line.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    text += line.substr(0, open);
    // The address before it, of hexadecimal digits with or without 0x, and the space between.
    const auto word = text.find_last_not_of("0123456789abcdefx", text.find_last_not_of(' '));
    const bool has_address = text.ends_with(' ') && word != std::string::npos &&
                             (text[word] == ' ' || text[word] == '\t' || text[word] == ',');
    if (has_address) text.resize(word + 1);
    if (!relocated) text += line.substr(open, close - open + 1);
    line.remove_prefix(close + 1);
  }
  text += line;
  return text;
}

/// Anything else is a warning or an error.
bool is_disassembly(std::string_view line) {
  return std::string_view(" \t<").find(line.front()) != std::string_view::npos ||
         line.starts_with("Disassembly of section ");
}

bool is_relocation(std::string_view line) { return support::trim(line).starts_with("R_"); }

}  // namespace

void DisassemblyText::feed(std::string_view piece) {
  while (true) {
    const auto end = piece.find('\n');
    if (end == std::string_view::npos) break;
    partial_ += piece.substr(0, end);
    line(partial_);
    partial_.clear();
    piece.remove_prefix(end + 1);
  }
  partial_ += piece;
}

void DisassemblyText::line(std::string_view text) {
  if (const auto next = object_of(text)) {
    put(false);
    object_ = next;
    take_(*object_, {});
  } else if (support::trim(text).empty()) {
    return;
  } else if (!object_ || !is_disassembly(text)) {
    complaints_.append(text).append("\n");
  } else {
    put(is_relocation(text));
    held_ = text;
  }
}

/// The line before the current one.
void DisassemblyText::put(bool relocated) {
  if (held_.empty() || !object_) return;
  // Labels and relocations stand as they are.
  const bool instruction = (held_[0] == ' ' || held_[0] == '\t') && !is_relocation(held_);
  take_(*object_, (instruction ? without_addresses(held_, relocated) : held_) + '\n');
  held_.clear();
}

void DisassemblyText::finish() {
  if (!partial_.empty()) feed("\n");
  put(false);
}

Disassembler::Disassembler(SystemRoot system, const spec::Toolchain& toolchain,
                           support::ProcessRunner& runner, std::stop_token stop)
    : system_(std::move(system)), toolchain_(toolchain), runner_(runner), stop_(std::move(stop)) {}

Status Disassembler::check() const {
  const auto absent = missing({objdump_tool(toolchain_)}, system_);
  return absent.empty() ? Status() : Status(absent_error(toolchain_, absent.front()));
}

Result<int> Disassembler::run_some(const fs::path& folder, std::size_t first, std::size_t end,
                                   DisassemblyText& text) const {
  support::Command command;
  command.argv = system_.sandbox();
  command.argv.insert(
      command.argv.end(),
      {"--ro-bind", folder.string(), "/objects", "--chdir", "/objects", "--clearenv", "--setenv",
       "PATH", std::string(sandbox_path), "--setenv", "LC_ALL", "C", "--",
       objdump_tool(toolchain_).program, "-d", "-r", "-z", "--no-show-raw-insn", "--no-addresses"});
  for (auto i = first; i < end; ++i) command.argv.push_back(std::to_string(i) + ".o");
  command.stop = stop_;
  command.on_output = [&](std::string_view piece) { text.feed(piece); };
  const auto exit = runner_.run(command);
  if (!exit) return exit.error();
  text.finish();
  return exit->code;
}

Result<std::vector<Digest>> Disassembler::run(const fs::path& folder, std::size_t count) const {
  // What one command line can hold.
  constexpr std::size_t most = 2000;
  std::vector<Digest> digests(count);
  std::ofstream out;
  std::optional<support::Hasher> hasher;
  std::size_t current = count;
  const auto close = [&] {
    if (hasher) digests.at(current) = hasher->finish();
    out.close();
  };
  const auto take = [&](std::size_t object, std::string_view line) {
    if (object >= count) return;
    if (object != current) {
      close();
      current = object;
      hasher.emplace();
      out.open(folder / (std::to_string(object) + ".s"), std::ios::binary);
    }
    hasher->bytes(line);
    out << line;
  };
  for (std::size_t first = 0; first < count; first += most) {
    DisassemblyText text(take);
    const auto code = run_some(folder, first, std::min(first + most, count), text);
    if (!code) return code.error();
    if (*code != 0 || !out)
      return support::infrastructure_error(
          fmt::format("{} failed with exit code {}: {}", objdump_tool(toolchain_).program, *code,
                      support::valid_utf8(support::last_lines(text.complaints(), 3))));
  }
  close();
  if (std::any_of(digests.begin(), digests.end(), [](const Digest& each) { return each.empty(); }))
    return support::infrastructure_error(objdump_tool(toolchain_).program +
                                         " left out an object that it was asked for");
  return digests;
}

}  // namespace kmatrix::build
