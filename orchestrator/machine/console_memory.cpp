// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console_recognise.h"

// From mm/kasan/report.c, mm/slub.c, mm/usercopy.c, mm/page_alloc.c, mm/memory.c, mm/oom_kill.c,
// mm/kmemleak.c and kernel/fork.c. KFENCE, KMSAN and KCSAN begin like any other "BUG: ".
namespace kmatrix::machine {
namespace {

Recognised kasan(std::string_view text) {
  const auto rest = after(text, "BUG: KASAN: ");
  if (!rest) return std::nullopt;
  const auto in = rest->find(" in ");
  auto start = report(IncidentKind::kasan, "KASAN: " + stable_text(rest->substr(0, in)));
  const auto name = in == rest->npos ? std::string() : symbol_name(rest->substr(in + 4));
  if (!name.empty()) start.title += " in " + name;
  return start;
}

/// "kmalloc-rnd-07-64": which of its copies a cache is in differs from boot to boot.
std::string cache_name(std::string_view text) {
  constexpr std::string_view random = "kmalloc-rnd-";
  auto name = stable_text(text);
  const auto at = name.find(random);
  const auto dash = at == name.npos ? at : name.find('-', at + random.size());
  if (dash != name.npos)
    name.erase(at + std::string_view("kmalloc-").size(),
               dash + 1 - at - std::string_view("kmalloc-").size());
  return name;
}

/// "BUG kmalloc-64 (Tainted: G W): Poison overwritten"
Recognised slab(std::string_view text) {
  const auto rest = after(text, "BUG ");
  const auto close = rest ? rest->find("): ") : text.npos;
  if (close == text.npos || !contains(rest->substr(0, close), "ainted")) return std::nullopt;
  const auto name = until(*rest, " (");
  auto what = std::string(rest->substr(close + 3));
  // "Objects remaining in NAME on __kmem_cache_shutdown()": later kernels leave the name out.
  const auto named = " in " + std::string(name) + " on ";
  if (const auto at = what.find(named); at != what.npos) what.replace(at, named.size(), " on ");
  return report(IncidentKind::bug, "BUG in slab " + cache_name(name) + ": " + stable_text(what));
}

/// "usercopy: Kernel memory exposure attempt detected from SLUB object 'x' (offset 0, size 9)!",
/// and then BUG().
Recognised usercopy(std::string_view text) {
  if (!text.starts_with("usercopy: Kernel memory ") || !contains(text, " attempt detected"))
    return std::nullopt;
  auto start = report(IncidentKind::bug, cache_name(until(text, " (offset")));
  start.fatal = true;
  return start;
}

/// "BUG: Bad rss-counter state mm:00000000 type:MM_ANONPAGES val:5"
Recognised bad_counter(std::string_view text) {
  const auto rest = after(text, "BUG: Bad rss-counter state ");
  if (!rest) return std::nullopt;
  std::string title = "BUG: Bad rss-counter state";
  if (const auto at = rest->find("type:"); at != rest->npos)
    title += " " + stable_text(until(rest->substr(at + 5), " "));
  return report(IncidentKind::bug, std::move(title));
}

/// "name: page allocation failure: order:9, mode:0xcc0(GFP_KERNEL), nodemask=(null)" and
/// "name: vmalloc error: size 4096, ..."
Recognised allocation(std::string_view text) {
  for (const std::string_view what : {"page allocation failure", "vmalloc error"}) {
    const auto at = text.find(": " + std::string(what) + ": ");
    if (at == text.npos) continue;
    auto title = std::string(what);
    const auto mode = text.find(", mode:", at);
    const auto open = mode == text.npos ? mode : text.find('(', mode);
    if (open != text.npos) title += " (" + stable_text(until(text.substr(open + 1), ")")) + ")";
    return report(IncidentKind::other, std::move(title));
  }
  return std::nullopt;
}

/// "name invoked oom-killer: gfp_mask=...", until "Out of memory: Killed process 12 (name) ..."
Recognised out_of_memory(std::string_view text) {
  auto start = report(IncidentKind::other, std::string(out_of_memory_title));
  if (contains(text, " invoked oom-killer: ")) {
    start.wants_function = true;
    start.last_words = killed_process;
    return start;
  }
  const auto killed = oom_victim(text);
  if (!killed) return std::nullopt;
  start.title += *killed;
  return start;
}

/// "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)"
Recognised leak(std::string_view text) {
  if (!text.starts_with("kmemleak: ") || !contains(text, " new suspected memory leaks"))
    return std::nullopt;
  return report(IncidentKind::warning, "kmemleak: new suspected memory leaks");
}

}  // namespace

std::optional<std::string> oom_victim(std::string_view text) {
  const auto at = text.find(killed_process);
  if (at == text.npos || !contains(text, " total-vm:")) return std::nullopt;
  const auto open = text.find('(', at);
  if (open == text.npos) return std::nullopt;
  return ", killed " + stable_text(until(text.substr(open + 1), ") total-vm:"));
}

Recognised recognise_memory(std::string_view text) {
  for (const auto each : {kasan, slab, usercopy, bad_counter, allocation, out_of_memory, leak})
    if (auto start = each(text)) return start;
  return std::nullopt;
}

}  // namespace kmatrix::machine
