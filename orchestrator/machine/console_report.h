// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "machine/console.h"

namespace kmatrix::machine {

/// The line with which a kernel begins a report, or goes on to the second half of one.
struct ReportStart {
  IncidentKind kind = IncidentKind::other;
  std::string title;
  bool wants_function = false;  ///< the title is to be completed from the report's "pc :" line
  bool fatal = false;           ///< "Internal error: ..." is to follow and is the same trouble
  bool death = false;           ///< this is "Internal error: ..." or "Oops: ..."
  bool bug = false;             ///< this is "kernel BUG at ...", perhaps announced before
  /// The function is in a library that only reports: who called it is to be added to the title.
  bool wants_caller = false;
  /// The report goes on until a line with this text; empty: it ends as its kind does.
  std::string_view last_words;
  std::string cfi_caller, cfi_target, cfi_expected_type;
};
/// What a line (without its prefixes) begins; nullopt for most lines. Panics are not among them.
/// From the kernel's own sources; docs/incidents.md has the list.
std::optional<ReportStart> recognise(std::string_view text);

/// A function that only says what its caller did: refcount_warn_saturate() and the like.
bool only_reports(std::string_view name);

/// The function that a report blames, if this line names it ("pc : f+0x4/0x20 [m]", "RIP: ...",
/// lockdep's ", at: f+0x..."), as the end of a title: " in f [m]".
std::optional<std::string> blamed_function(IncidentKind kind, std::string_view text);

/// The caller of a function that only reports, if this line of a call trace names it, as the end of
/// a title: ", called from f [m]".
std::optional<std::string> blamed_caller(std::string_view text);

/// ", killed NAME" of "Out of memory: Killed process 12 (NAME) total-vm:..."
std::optional<std::string> oom_victim(std::string_view text);
inline constexpr std::string_view killed_process = ": Killed process ";

/// "---[ end trace" and the like.
bool ends_report(std::string_view text);

/// "name [module]" of "name.isra.0+0x4/0x20 [module]"; "" for an address without a symbol.
std::string symbol_name(std::string_view text);

/// One line without what differs from run to run: addresses and hexadecimal numbers become X,
/// decimal ones N (but those of "file.c:12" and "kmalloc-64"), offsets and compilers' suffixes of
/// functions (".isra.0") vanish; at most 200 bytes.
std::string stable_text(std::string_view text);

}  // namespace kmatrix::machine
