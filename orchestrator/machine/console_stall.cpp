// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_recognise.h"

// From kernel/watchdog*.c, kernel/workqueue.c, kernel/smp.c, kernel/rcu/tree_stall.h, tree_exp.h
// and tasks.h, kernel/hung_task.c, net/core/dev.c.
namespace kmatrix::machine {
namespace {

/// "soft lockup - CPU#0 stuck for 22s! [name:12]", behind "watchdog: BUG: " or "BUG: ".
Recognised lockup(std::string_view text) {
  if (contains(text, "Watchdog detected hard LOCKUP"))
    return report(IncidentKind::stall, "hard LOCKUP");
  if (text.starts_with("BUG: workqueue lockup"))
    return report(IncidentKind::stall, "workqueue lockup");
  const auto at = text.find("BUG: soft lockup");
  if (at == text.npos || at > std::string_view("NMI watchdog: ").size()) return std::nullopt;
  const auto open = text.find(" [", at);
  std::string title = "soft lockup";
  if (open != text.npos) {
    const auto task = text.substr(open + 2);
    title += " of " + stable_text(task.substr(0, task.rfind(':')));
  }
  return report(IncidentKind::stall, std::move(title));
}

/// "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:", "... self-detected stall on CPU".
Recognised rcu_stall(std::string_view text) {
  text = after(text, "rcu: ").value_or(text);
  const auto rest = after(text, "INFO: ");
  if (!rest || !rest->starts_with("rcu_") || !contains(*rest, "stall")) return std::nullopt;
  return report(IncidentKind::stall, stable_text(until(*rest, ":")));
}

/// "INFO: task name:12 blocked for more than 120 seconds.", "... blocked in I/O wait for more ..."
Recognised hung_task(std::string_view text) {
  const auto rest = after(text, "INFO: task ");
  if (!rest || !contains(*rest, " for more than ")) return std::nullopt;
  const auto blocked = rest->find(" blocked ");
  if (blocked == rest->npos) return std::nullopt;
  const auto task = rest->substr(0, blocked);
  return report(IncidentKind::hung_task,
                "task " + stable_text(task.substr(0, task.rfind(':'))) + " blocked");
}

/// "smp: csd: Detected non-responsive CSD lock (#1) on CPU#1, waiting 5000000005 ns for CPU#00
/// f+0x0/0x20(f)."
Recognised csd_lock(std::string_view text) {
  const auto rest = after(after(text, "smp: ").value_or(text), "csd: Detected non-responsive CSD");
  if (!rest) return std::nullopt;
  std::string title = "non-responsive CSD lock";
  constexpr std::string_view target = " ns for CPU#";
  if (const auto at = rest->find(target); at != rest->npos) {
    const auto what = rest->substr(at + target.size());
    const auto name =
        symbol_name(until(what.substr(std::min(what.size(), what.find(' ') + 1)), "("));
    if (!name.empty()) title += ", waiting for " + name;
  }
  return report(IncidentKind::stall, std::move(title));
}

/// "workqueue: f hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND"
Recognised hog(std::string_view text) {
  const auto rest = after(text, "workqueue: ");
  if (!rest || !contains(*rest, " hogged CPU for >")) return std::nullopt;
  return report(IncidentKind::other, "workqueue: " + stable_text(until(*rest, " for >")));
}

/// "unregister_netdevice: waiting for lo to become free. Usage count = 2"
Recognised netdevice(std::string_view text) {
  if (!text.starts_with("unregister_netdevice: waiting for ")) return std::nullopt;
  return report(IncidentKind::warning, stable_text(until(text, ". ")));
}

}  // namespace

Recognised recognise_stall(std::string_view text) {
  for (const auto each : {lockup, rcu_stall, hung_task, csd_lock, hog, netdevice})
    if (auto start = each(text)) return start;
  return std::nullopt;
}

}  // namespace kmatrix::machine
