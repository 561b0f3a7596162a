// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "machine/console_recognise.h"

// Every heading of kernel/locking/lockdep.c, as far as it is no WARN().
namespace kmatrix::machine {
namespace {

bool is_heading(std::string_view rest) {
  constexpr std::array<std::string_view, 16> words = {
      "possible circular locking",   "possible recursive locking",
      "inconsistent lock state",     "suspicious RCU usage",
      "possible irq lock inversion", "unsafe lock order detected",
      "Nested lock was not taken",   "bad unlock balance",
      "bad contention detected",     "held lock freed",
      "still has locks held",        "lock held when returning",
      "chain_key collision",         "Invalid wait context",
      "possible deadlock",           "trying to register non-static key"};
  return std::any_of(words.begin(), words.end(), [&](auto word) { return contains(rest, word); });
}

/// "BUG: MAX_LOCKDEP_CHAINS too low!" and the like: lockdep itself gives up.
Recognised gives_up(std::string_view text) {
  const auto rest = after(text, "BUG: ");
  if (!rest) return std::nullopt;
  const bool limit = (rest->starts_with("MAX_LOCK") || rest->starts_with("MAX_STACK_TRACE")) &&
                     contains(*rest, " too low!");
  const bool key = rest->starts_with("key ") && contains(*rest, " has not been registered!");
  if (!limit && !key && !rest->starts_with("looking up invalid subclass")) return std::nullopt;
  return report(IncidentKind::lockdep, stable_text(until(until(*rest, "!"), ":")));
}

}  // namespace

Recognised recognise_lockdep(std::string_view text) {
  for (const auto* front : {"WARNING: ", "[ BUG: ", "INFO: "}) {
    const auto rest = after(text, front);
    if (!rest || !is_heading(*rest)) continue;
    auto what = until(until(until(*rest, " ]"), "!"), ".");
    if (contains(what, "still has locks held")) what = "task still has locks held";
    auto start = report(IncidentKind::lockdep, stable_text(what));
    start.wants_function = true;
    return start;
  }
  return gives_up(text);
}

}  // namespace kmatrix::machine
