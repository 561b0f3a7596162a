// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "machine/console_recognise.h"

// From arch/*/kernel/traps.c, arch/*/mm/fault.c, arch/arm64/kernel/entry-common.c and lib/bug.c.
namespace kmatrix::machine {
namespace {

/// Faults that are announced before "Internal error: Oops" (arm64, riscv) or "Oops: " (x86).
Recognised fault(std::string_view text) {
  constexpr std::array<std::string_view, 6> fronts = {
      "Unable to handle kernel ",     "BUG: kernel NULL pointer dereference",
      "BUG: unable to handle ",       "Unhandled fault at ",
      "Kernel access to user memory", "Unexpected kernel BRK exception"};
  if (std::none_of(fronts.begin(), fronts.end(), [&](auto f) { return text.starts_with(f); }))
    return std::nullopt;
  auto title = until(until(until(text, " at virtual address"), ", address:"), " for address:");
  auto start = report(IncidentKind::oops, stable_text(title));
  start.wants_function = start.fatal = true;
  return start;
}

/// x86: "PANIC: double fault, error_code: 0x0" and "BUG: TASK stack guard page was hit at ...".
Recognised broken_stack(std::string_view text) {
  const auto rest = after(text, "traps: ").value_or(text);
  const bool guard = rest.starts_with("BUG: ") && contains(rest, " stack guard page was hit");
  if (!guard && !rest.starts_with("PANIC: double fault")) return std::nullopt;
  auto start =
      report(IncidentKind::oops, stable_text(until(guard ? until(rest, " at ") : rest, ",")));
  start.wants_function = start.fatal = true;
  return start;
}

/// "double fault: 0000", as x86 dies until 6.10: four digits of an error code.
bool has_error_code(std::string_view text) {
  const auto colon = text.rfind(": ");
  if (colon == text.npos || colon + 6 != text.size() || text[0] < 'a' || text[0] > 'z')
    return false;
  return text.find_first_not_of("0123456789abcdef", colon + 2) == text.npos;
}

/// The second half of a fault, or a fault that was not announced:
/// "Internal error: Oops - BUG: 00000000f2000800 [#1] SMP", "Oops: invalid opcode: 0000 [#1]".
Recognised death(std::string_view text) {
  const auto arm = after(text, "Internal error: ");
  auto rest = arm.value_or(text);
  const auto number = rest.find(" [#");
  if (number == rest.npos) return std::nullopt;
  rest = rest.substr(0, number);
  const bool bare = text.starts_with("general protection fault") ||
                    text.starts_with("Kernel BUG ") || rest == "Oops" ||
                    text.starts_with("Oops - ") || has_error_code(rest);
  if (!arm && !bare && !text.starts_with("Oops: ")) return std::nullopt;
  if (!arm && !bare) rest = rest.substr(std::string_view("Oops: ").size());
  rest = until(rest, ", probably for");
  const auto colon = rest.rfind(": ");
  if (colon != rest.npos) rest = rest.substr(0, colon);
  auto title = stable_text(rest);
  if (title.empty() || title == "X" || title == "N") title = "Oops";
  auto kind = IncidentKind::oops;
  if (contains(rest, "UBSAN") || contains(rest, "BUG")) kind = IncidentKind::bug;
  if (contains(rest, "CFI")) kind = IncidentKind::cfi;
  if (contains(rest, "KASAN")) kind = IncidentKind::kasan;
  auto start = report(kind, std::move(title));
  start.wants_function = start.death = true;
  return start;
}

Recognised kernel_bug(std::string_view text) {
  for (const auto* front : {"kernel BUG at ", "Kernel BUG at "}) {
    const auto place = after(text, front);
    if (!place) continue;
    const auto line = until(*place, "!");
    const bool file = line.size() < place->size() && contains(line, ":");
    const auto where = file ? stable_text(line) : symbol_name(*place);
    auto start = report(IncidentKind::bug, "kernel BUG at " + where);
    start.fatal = start.bug = true;
    start.wants_function = file;
    return start;
  }
  return std::nullopt;
}

/// What comes before a panic and is its cause.
Recognised doomed(std::string_view text) {
  if (text.starts_with("Insufficient stack space to handle exception")) {
    auto start = report(IncidentKind::oops, "kernel stack overflow");
    start.wants_function = true;
    return start;
  }
  const bool exception = (text.starts_with("Unhandled ") && contains(text, " exception on CPU")) ||
                         (text.starts_with("Bad mode in ") && contains(text, " detected on CPU"));
  if (text.starts_with("SError Interrupt on CPU") || exception) {
    auto start = report(IncidentKind::oops, stable_text(until(text, " on CPU")));
    start.wants_function = true;
    return start;
  }
  return std::nullopt;
}

}  // namespace

Recognised recognise_death(std::string_view text) {
  for (const auto each : {broken_stack, fault, death, kernel_bug, doomed})
    if (auto start = each(text)) return start;
  return std::nullopt;
}

}  // namespace kmatrix::machine
