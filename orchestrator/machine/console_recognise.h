// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "machine/console_report.h"

// What the recognisers share; console_report.cpp tries them in turn.
namespace kmatrix::machine {

using Recognised = std::optional<ReportStart>;

/// Lockups, RCU stalls, hung tasks, and others that wait too long.
Recognised recognise_stall(std::string_view text);
/// KASAN, KFENCE, slab, page and OOM reports: trouble with memory.
Recognised recognise_memory(std::string_view text);
/// Faults and deaths of the kernel: "Unable to handle kernel ...", "Internal error: ...", BUG().
Recognised recognise_death(std::string_view text);
/// Lockdep's headings.
Recognised recognise_lockdep(std::string_view text);

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

/// The text behind `front`, if `text` begins with it.
inline std::optional<std::string_view> after(std::string_view text, std::string_view front) {
  if (!text.starts_with(front)) return std::nullopt;
  return text.substr(front.size());
}

inline std::string_view until(std::string_view text, std::string_view stop) {
  return text.substr(0, text.find(stop));
}

inline ReportStart report(IncidentKind kind, std::string title) {
  ReportStart start;
  start.kind = kind;
  start.title = std::move(title);
  return start;
}

}  // namespace kmatrix::machine
