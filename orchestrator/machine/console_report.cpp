// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_report.h"

#include <algorithm>
#include <array>

#include "machine/console_recognise.h"

namespace kmatrix::machine {

bool only_reports(std::string_view name) {
  constexpr std::array<std::string_view, 8> names = {"__list_add_valid_or_report",
                                                     "__list_del_entry_valid_or_report",
                                                     "refcount_warn_saturate",
                                                     "debug_print_object",
                                                     "__fortify_report",
                                                     "fortify_panic",
                                                     "__fortify_panic",
                                                     "usercopy_abort"};
  return std::find(names.begin(), names.end(), until(name, "+0x")) != names.end();
}

namespace {

/// "CFI failure at f+0x10/0x20 (target: g+0x0/0x8; expected type: 0x12345678)"
Recognised cfi_failure(std::string_view text) {
  const auto rest = after(text, "CFI failure at ");
  if (!rest) return std::nullopt;
  constexpr std::string_view target = " (target: ", type = "; expected type: ";
  auto start = report(IncidentKind::cfi, {});
  start.fatal = true;
  start.cfi_caller = until(*rest, " (");
  start.title = "CFI failure at " + symbol_name(start.cfi_caller);
  if (const auto at = rest->find(target); at != rest->npos) {
    const auto named = rest->substr(at + target.size());
    start.cfi_target = until(named, type);
    if (const auto found = named.find(type); found != named.npos)
      start.cfi_expected_type = until(named.substr(found + type.size()), ")");
    const auto name = symbol_name(start.cfi_target);
    start.title += " (target: " + (name.empty() ? "no function" : name) + ")";
  }
  return start;
}

ReportStart warning_at(std::string_view place, std::string_view function) {
  auto start = report(IncidentKind::warning, "WARNING");
  const auto name = symbol_name(function);
  if (!name.empty()) start.title += " in " + name;
  if (!place.empty()) start.title += " at " + stable_text(place);
  start.wants_caller = only_reports(function);
  return start;
}

/// __warn(), until 6.18: "WARNING: CPU: 0 PID: 12 at file:line func+0x1/0x2 [module]".
Recognised old_warning(std::string_view rest) {
  if (!rest.starts_with("CPU: ")) return std::nullopt;
  const auto at = rest.find(" at ");
  if (at == rest.npos) return std::nullopt;
  const auto what = rest.substr(at + 4);
  const auto first = until(what, " ");
  if (contains(first, "+0x") || !contains(first, ":")) return warning_at({}, what);
  const auto function = what.substr(std::min(what.size(), first.size() + 1));
  return warning_at(first, function);
}

/// __warn(), later: "WARNING: [condition] file:line at func+0x1/0x2 [module], CPU#0: task/12".
Recognised new_warning(std::string_view rest) {
  const auto cpu = rest.rfind(", CPU#");
  if (cpu == rest.npos) return std::nullopt;
  rest = rest.substr(0, cpu);
  if (const auto function = after(rest, "at ")) return warning_at({}, *function);
  const auto at = rest.rfind(" at ");
  if (at == rest.npos) return std::nullopt;
  const auto place = rest.substr(0, at);
  const auto space = place.rfind(' ');
  return warning_at(space == place.npos ? place : place.substr(space + 1), rest.substr(at + 4));
}

Recognised warning(std::string_view text) {
  const auto rest = after(text, "WARNING: ");
  if (!rest) return std::nullopt;
  if (auto start = old_warning(*rest)) return start;
  if (auto start = new_warning(*rest)) return start;
  return report(IncidentKind::other, stable_text(text));
}

/// "UBSAN: array-index-out-of-bounds in ../file.c:12:3"
Recognised ubsan(std::string_view text) {
  if (!text.starts_with("UBSAN: ")) return std::nullopt;
  auto title = stable_text(text);
  // The line is gone, the column is not.
  if (title.ends_with(":N")) title.resize(title.size() - 2);
  // Relative to the folder of the build, wherever that is.
  while (const auto at = title.find(" in ../") + 1) title.erase(at + 3, 3);
  return report(IncidentKind::bug, std::move(title));
}

/// "BUG: using smp_processor_id() in preemptible [00000000] code: sh/45", "BUG: workqueue leaked
/// atomic, lock or RCU: kworker/0:1[12]" (before 6.9: "leaked lock or atomic"); the function comes
/// in a later line.
Recognised misuse(std::string_view text) {
  const auto preemptible = text.find(" in preemptible [");
  if (text.starts_with("BUG: using ") && preemptible != text.npos) {
    auto start = report(IncidentKind::bug,
                        stable_text(text.substr(0, preemptible)) + " in preemptible code");
    // "caller is debug_smp_processor_id+0x1c/0x24" is what the next line says with clang.
    start.wants_caller = true;
    return start;
  }
  if (!text.starts_with("BUG: workqueue leaked ")) return std::nullopt;
  auto start = report(IncidentKind::bug, "BUG: workqueue leaked atomic, lock or RCU");
  start.wants_function = true;
  return start;
}

/// Every other "BUG: ...".
Recognised other_bug(std::string_view text) {
  const auto rest = after(text, "BUG: ");
  if (!rest || contains(*rest, " messages suppressed")) return std::nullopt;
  auto what = *rest;
  for (const auto* stop : {" on CPU#", " in process ", "  pfn:", " mm:", ", "})
    what = until(what, stop);
  if (what.starts_with("scheduling while atomic")) what = "scheduling while atomic";
  return report(IncidentKind::bug, "BUG: " + stable_text(what));
}

/// kernel/irq/spurious.c: "irq 13: nobody cared (try booting ...)", "irq event 13: bogus return
/// value 4d"; the handler comes behind the call trace.
Recognised bad_interrupt(std::string_view text) {
  if (!text.starts_with("irq ")) return std::nullopt;
  for (const std::string what : {"nobody cared", "bogus return value"}) {
    if (!contains(text, ": " + what)) continue;
    auto start = report(IncidentKind::bug, "irq: " + what);
    start.wants_function = true;
    start.last_words = "Disabling IRQ #";
    return start;
  }
  return std::nullopt;
}

/// kernel/trace/ftrace.c: "ftrace failed to modify", the place in the next line, and a WARN() at
/// the end; after that ftrace is dead.
Recognised ftrace_bug(std::string_view text) {
  if (!contains(text, "[ ftrace bug ]")) return std::nullopt;
  auto start = report(IncidentKind::bug, "ftrace bug");
  start.wants_function = true;
  return start;
}

/// kernel/softirq.c: "softirq: huh, entered softirq 1 TIMER f with preempt_count 00000100, exited
/// with ...?"
Recognised softirq_leak(std::string_view text) {
  auto rest = after(text, "softirq: huh, entered softirq ");
  if (!rest) rest = after(text, "huh, entered softirq ");
  if (!rest) return std::nullopt;
  const auto name = until(rest->substr(std::min(rest->size(), rest->find(' ') + 1)), " ");
  return report(IncidentKind::bug, "softirq " + stable_text(name) + " leaked a preempt count");
}

/// arch/arm64/kernel/smp.c: "CPU1: failed to come online".
Recognised lost_cpu(std::string_view text) {
  const auto rest = after(text, "CPU");
  if (!rest || !contains(*rest, ": ")) return std::nullopt;
  constexpr std::array<std::string_view, 4> words = {
      "failed to come online", "died during early boot", "is stuck in kernel", "will not boot"};
  const auto what = rest->substr(rest->find(": ") + 2);
  if (rest->find_first_not_of("0123456789") != rest->find(": ") ||
      std::find(words.begin(), words.end(), what) == words.end())
    return std::nullopt;
  return report(IncidentKind::warning, "CPU " + std::string(what));
}

/// Complaints with a call trace that are neither WARN() nor BUG(): lib/kobject.c, fs/sysfs/dir.c,
/// arch/arm64/kernel/debug-monitors.c, arch/x86/mm/extable.c.
Recognised complaint(std::string_view text) {
  if (text.starts_with("kobject: ") && contains(text, ", something is seriously wrong")) {
    const auto what = text.find("): ");
    return report(
        IncidentKind::warning,
        "kobject: " + stable_text(until(text.substr(what == text.npos ? 9 : what + 3), ",")));
  }
  if (text.starts_with("kobject: kobject_add_internal failed for "))
    return report(IncidentKind::warning, stable_text(until(text, ", don't")));
  if (text.starts_with("sysfs: cannot create duplicate filename ") ||
      text.starts_with("Unexpected kernel single-step exception"))
    return report(IncidentKind::warning, stable_text(text));
  if (!text.starts_with("unchecked MSR access error: ")) return std::nullopt;
  const auto open = text.rfind(" (");
  const auto name = open == text.npos ? "" : symbol_name(until(text.substr(open + 2), ")"));
  return report(IncidentKind::warning,
                "unchecked MSR access error" + (name.empty() ? "" : " in " + name));
}

}  // namespace

std::optional<ReportStart> recognise(std::string_view text) {
  // The particular before the general.
  for (const auto each : {cfi_failure, recognise_stall, recognise_memory, ubsan, recognise_lockdep,
                          warning, recognise_death, misuse, bad_interrupt, ftrace_bug, softirq_leak,
                          lost_cpu, complaint, other_bug})
    if (auto start = each(text)) return start;
  return std::nullopt;
}

std::optional<std::string> blamed_function(IncidentKind kind, std::string_view text) {
  const auto named = [](std::string_view where) -> std::optional<std::string> {
    auto name = symbol_name(where);
    if (name.empty()) return std::nullopt;
    return " in " + name;
  };
  for (const auto* front : {"pc : ", "epc : ", "RIP: 0010:", "caller is "})
    if (const auto where = after(text, front)) return named(*where);
  // A jump to nowhere leaves no symbol in pc; who jumped is in lr.
  if (const auto where = after(text, "lr : ")) {
    auto name = symbol_name(*where);
    return name.empty() ? " at an unknown place" : ", called from " + name;
  }
  for (const auto* front : {" workfn=", "     last function: "})
    if (const auto at = text.find(front); at != text.npos)
      return named(text.substr(at + std::string_view(front).size()));
  if (auto victim = oom_victim(text)) return victim;
  if (text.starts_with("[<")) return named(text.substr(std::min(text.size(), text.find("] ") + 2)));
  if (kind != IncidentKind::lockdep) return std::nullopt;
  if (const auto at = text.find(", at: "); at != text.npos) return named(text.substr(at + 6));
  if (const auto at = text.find(" suspicious "); at != text.npos)
    return " at " + stable_text(text.substr(0, at));
  return std::nullopt;
}

std::optional<std::string> blamed_caller(std::string_view text) {
  if (!text.starts_with(" ") || !contains(text, "+0x") || text.starts_with(" ? "))
    return std::nullopt;
  text.remove_prefix(1);
  constexpr std::array<std::string_view, 8> between = {"__debug_",
                                                       "debug_",
                                                       "refcount_",
                                                       "dump_backtrace",
                                                       "show_stack",
                                                       "dump_stack",
                                                       "check_preemption_disabled",
                                                       "__this_cpu_preempt_check"};
  const bool passes = std::any_of(between.begin(), between.end(),
                                  [&](auto front) { return text.starts_with(front); });
  const auto name = symbol_name(text);
  if (passes || only_reports(text) || name.empty()) return std::nullopt;
  return ", called from " + name;
}

bool ends_report(std::string_view text) { return text.starts_with("---[ end "); }

}  // namespace kmatrix::machine
