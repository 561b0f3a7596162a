// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/console.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::machine {
namespace {

namespace fs = std::filesystem;

ConsoleReader read(std::string_view text, std::size_t piece = 4096) {
  ConsoleReader reader;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    reader.feed(text.substr(0, piece));
  reader.finish();
  return reader;
}

/// "kind: title", one a line.
std::string titles(const ConsoleReader& reader) {
  std::string result;
  for (const auto& each : reader.incidents())
    result += to_string(each.kind) + ": " + each.title + "\n";
  return result;
}

/// The only incident of a text.
Incident only(std::string_view text) {
  const auto reader = read(text);
  EXPECT_EQ(reader.incidents().size(), 1U) << titles(reader);
  return reader.incidents().empty() ? Incident{} : reader.incidents().front();
}

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(KMATRIX_SOURCE_DIR "/tests/corpus/console"))
    if (each.path().extension() == ".log") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string content(const fs::path& file) { return support::read_file(file).value(); }

std::string corpus_file(const std::string& name) {
  return content(fs::path(KMATRIX_SOURCE_DIR "/tests/corpus/console") / name);
}

/// `text` without "[   T12]", as a kernel without PRINTK_CALLER prints it.
std::string without_callers(const std::string& text) {
  std::string result;
  for (const auto& line : support::split_lines(text)) {
    const auto open = line.find("][");
    const auto close = open == line.npos ? line.npos : line.find(']', open + 1);
    result += close == line.npos ? line : line.substr(0, open + 1) + line.substr(close + 1);
    result += '\n';
  }
  return result;
}

TEST(ConsoleReader, FindsTheReportsOfRealKernels) {
  ASSERT_GT(corpus().size(), 25U);
  for (const auto& log : corpus()) {
    auto expected = log;
    EXPECT_EQ(titles(read(content(log))), content(expected.replace_extension(".expected"))) << log;
  }
}

TEST(ConsoleReader, DoesNotDependOnHowTheBytesArrive) {
  for (const auto& log : corpus()) {
    const auto text = content(log);
    EXPECT_EQ(titles(read(text, 1)), titles(read(text))) << log;
  }
}

TEST(ConsoleReader, FindsTheSameWithoutCallers) {
  for (const auto* name : {"warnings", "cfi-failures", "cfi-failure-panic", "null-dereference",
                           "faults", "panic-in-interrupt", "panic-on-warn", "init-exits", "kasan",
                           "ubsan", "lockdep-circular", "hung-task", "soft-lockup"}) {
    const auto text = corpus_file(std::string(name) + ".log");
    EXPECT_EQ(titles(read(without_callers(text))), corpus_file(std::string(name) + ".expected"));
  }
}

/// `text` with another value for each number that differs from boot to boot: offsets in functions,
/// addresses, pids, CPUs and counts.
std::string with_other_numbers(const std::string& text) {
  static const std::vector<std::pair<std::regex, std::string>> changes = {
      {std::regex("\\+0x[0-9a-f]+/0x[0-9a-f]+"), "+0x9c/0x7b8"},
      {std::regex("\\b(ffff|0000)[0-9a-f]{12}\\b"), "ffff87654321abc0"},
      {std::regex("\\b0x(ffff|0000)[0-9a-f]{12}\\b"), "0xffff87654321abc0"},
      {std::regex("PID: [0-9]+"), "PID: 4321"},
      {std::regex("CPU: [0-9]+"), "CPU: 7"},
      {std::regex("CPU#[0-9]+"), "CPU#7"},
      {std::regex("Killed process [0-9]+"), "Killed process 4321"},
      {std::regex("stuck for [0-9]+s"), "stuck for 77s"},
      {std::regex("for more than [0-9]+ seconds"), "for more than 77 seconds"},
      {std::regex("\\[#[0-9]+\\]"), "[#77]"}};
  std::string result = text;
  for (const auto& [pattern, other] : changes) result = std::regex_replace(result, pattern, other);
  return result;
}

TEST(ConsoleReader, GivesTheSameTitlesWithOtherNumbers) {
  for (const auto& log : corpus()) {
    const auto text = content(log);
    EXPECT_EQ(titles(read(with_other_numbers(text))), titles(read(text))) << log;
  }
}

TEST(ConsoleReader, GivesTheSameTitlesWithCompilersSuffixes) {
  for (const auto* suffix : {".isra.0", ".constprop.12", ".llvm.1234567890", ".cold", ".part.3"}) {
    const auto f = "f" + std::string(suffix) + "+0x1/0x2";
    EXPECT_EQ(only("BUG: KFENCE: use-after-free read in " + f + " [m]\n").title,
              "BUG: KFENCE: use-after-free read in f [m]");
    EXPECT_EQ(only("WARNING: CPU: 0 PID: 1 at a.c:7 " + f + "\n").title, "WARNING in f at a.c");
    EXPECT_EQ(only("BUG: KASAN: double-free in " + f + "\n").title, "KASAN: double-free in f");
  }
}

TEST(ConsoleReader, MakesOneIncidentOfAFortifyPanic) {
  const auto incident = only(corpus_file("fortify.log"));
  EXPECT_EQ(incident.kind, IncidentKind::bug);
  EXPECT_EQ(incident.lines.size(), 75U);
  EXPECT_TRUE(incident.lines.back().ends_with("---[ end trace 0000000000000000 ]---"));
}

TEST(ConsoleReader, TellsAWarningsMessageFromAReport) {
  const auto incident = only(
      "[  1.000000][   T9] ------------[ cut here ]------------\n"
      "[  1.000001][   T9] BUG: Dentry 00000000abcdef01{i=1,n=x}  still in use (1)\n"
      "[  1.000002][   T9] WARNING: CPU: 0 PID: 9 at fs/dcache.c:1590 umount_check+0x1/0x2\n"
      "[  1.000003][   T9] ---[ end trace 0000000000000000 ]---\n");
  EXPECT_EQ(incident.kind, IncidentKind::warning);
  EXPECT_EQ(incident.title, "WARNING in umount_check at fs/dcache.c");
  EXPECT_EQ(incident.lines.size(), 4U);
}

TEST(ConsoleReader, CutsAReportThatAnotherCpusPanicInterrupts) {
  const auto reader = read(
      "[  1.000000][   T9] WARNING: CPU: 0 PID: 9 at a.c:1 f+0x1/0x2\n"
      "[  1.000001][    C1] Kernel panic - not syncing: by hand\n"
      "[  1.000002][   T9] Modules linked in: m\n"
      "[  1.000003][    C1] CPU: 1 UID: 0\n");
  ASSERT_EQ(titles(reader), "warning: WARNING in f at a.c\npanic: Kernel panic: by hand\n");
  EXPECT_EQ(reader.incidents()[0].lines.size(), 2U);
  EXPECT_EQ(reader.incidents()[1].lines.size(), 2U);
}

TEST(ConsoleReader, ReadsACallerWithoutATime) {
  EXPECT_EQ(only("[   T9] kernel BUG at fs/a.c:1!\n").title, "kernel BUG at fs/a.c");
}

TEST(ConsoleReader, MakesOneIncidentOfACfiFailureAndItsOops) {
  const auto reader = read(corpus_file("cfi-failures.log"));
  ASSERT_EQ(reader.incidents().size(), 3U);
  const auto& cfi = reader.incidents()[0];
  EXPECT_EQ(cfi.kind, IncidentKind::cfi);
  EXPECT_EQ(cfi.title, "CFI failure at calls_wrongly [trouble] (target: adds_two [trouble])");
  EXPECT_EQ(cfi.cfi_caller, "calls_wrongly+0x34/0x48 [trouble]");
  EXPECT_EQ(cfi.cfi_target, "adds_two+0x0/0x18 [trouble]");
  EXPECT_EQ(cfi.cfi_expected_type, "0x492fff75");
  EXPECT_EQ(cfi.first_line, 98U);
  EXPECT_EQ(cfi.seq, 1U);
  EXPECT_EQ(cfi.lines.size(), 34U);
  EXPECT_TRUE(cfi.lines.back().ends_with("---[ end trace 0000000000000000 ]---"));
  EXPECT_EQ(reader.incidents()[2].seq, 2U);
  EXPECT_FALSE(reader.panicked());
}

TEST(ConsoleReader, DoesNotCountThePanicThatAnOopsEndsIn) {
  for (const auto* name :
       {"cfi-failure-panic.log", "panic-in-interrupt.log", "panic-on-warn.log"}) {
    const auto reader = read(corpus_file(name));
    EXPECT_EQ(reader.incidents().size(), 1U) << name;
    EXPECT_TRUE(reader.panicked()) << name;
  }
  EXPECT_EQ(read(corpus_file("cfi-failure-panic.log")).panic_message(),
            "Oops - CFI: Fatal exception");
}

TEST(ConsoleReader, CountsAPanicThatHasNothingToDoWithAnEarlierWarning) {
  const auto reader = read(corpus_file("init-exits.log"));
  ASSERT_EQ(reader.incidents().size(), 2U);
  EXPECT_EQ(reader.incidents()[1].kind, IncidentKind::panic);
}

/// "[   T38] " of "[    0.754545][   T38] text".
std::string caller_of(const std::string& line) { return line.substr(14, 9); }

TEST(ConsoleReader, TakesInterleavedReportsApart) {
  const auto reader = read(corpus_file("two-cpus.log"));
  ASSERT_EQ(reader.incidents().size(), 8U);
  for (const auto& each : reader.incidents()) {
    ASSERT_EQ(each.lines.size(), 26U);
    const auto caller = caller_of(each.lines.front());
    const bool all_of_one =
        std::all_of(each.lines.begin(), each.lines.end(),
                    [&](const auto& line) { return caller_of(line) == caller; });
    EXPECT_TRUE(all_of_one) << each.first_line;
    const auto* said = caller == "[   T38] " ? "from thread 1" : "from thread 2";
    EXPECT_TRUE(each.lines[1].ends_with(said)) << each.lines[1];
  }
}

TEST(ConsoleReader, SeesASecondBoot) {
  const auto reader = read(corpus_file("reboot.log"));
  EXPECT_TRUE(reader.booted());
  EXPECT_TRUE(reader.rebooted());
  const auto& reboot = reader.incidents().at(1);
  EXPECT_EQ(reboot.kind, IncidentKind::reboot);
  EXPECT_EQ(reboot.seq, 9U);
}

TEST(ConsoleReader, DoesNotTakeAnEchoOfTheBannerForABoot) {
  const auto reader = read(
      "[    0.000000] Linux version 6.12\n[   40.1] x\n"
      "[   40.123456] Linux version 6.12\n");
  EXPECT_FALSE(reader.rebooted());
}

TEST(ConsoleReader, NamesTheCaseThatRan) {
  EXPECT_EQ(only("[  1.000000][    T1] kmatrix: START 3 a.tc\n"
                 "[  1.100000][   T34] BUG: Bad page state in process cat  pfn:12345\n")
                .seq,
            3U);
  EXPECT_EQ(only("[  1.000000][    T1] kmatrix: START 3 a.tc\n"
                 "[  1.000001][    T1] kmatrix: END 3 0\n"
                 "[  1.100000][   T34] BUG: Bad page state in process cat  pfn:12345\n")
                .seq,
            std::nullopt);
}

TEST(ConsoleReader, IgnoresMarkersThatAreNone) {
  const auto reader = read(
      "kmatrix: START 99999999999999999999999 x\nkmatrix: START -1\n"
      "kmatrix: START\nkmatrix: STARTLED 4\nBUG: x\n");
  EXPECT_EQ(reader.incidents().at(0).seq, std::nullopt);
}

TEST(ConsoleReader, ReadsTheWarningsOfLaterKernels) {
  EXPECT_EQ(only("WARNING: kernel/foo.c:12 at foo_bar+0x10/0x20 [mod], CPU#1: insmod/123\n").title,
            "WARNING in foo_bar [mod] at kernel/foo.c");
  EXPECT_EQ(only("WARNING: [x != y] kernel/foo.c:12 at foo+0x1/0x2, CPU#1: kworker/0:1/9\n").title,
            "WARNING in foo at kernel/foo.c");
  EXPECT_EQ(only("WARNING: at foo+0x1/0x2, CPU#0: swapper/0/0\n").title, "WARNING in foo");
}

TEST(ConsoleReader, MakesOneIncidentOfAPermissiveCfiFailure) {
  const auto incident = only(
      "[  1.000000][  T9] CFI failure at a+0x1/0x2 (target: b.cfi_jt+0x0/0x8; expected type: "
      "0x12345678)\n"
      "[  1.000001][  T9] WARNING: CPU: 0 PID: 9 at a+0x1/0x2\n"
      "[  1.000002][  T9] ---[ end trace 0000000000000000 ]---\n");
  EXPECT_EQ(incident.kind, IncidentKind::cfi);
  EXPECT_EQ(incident.lines.size(), 3U);
}

TEST(ConsoleReader, ReadsACfiFailureWithoutTarget) {
  const auto incident = only("CFI failure at a+0x1/0x2 (no target information)\n");
  EXPECT_EQ(incident.title, "CFI failure at a");
  EXPECT_EQ(incident.cfi_target, "");
}

// From arch/x86/mm/fault.c and arch/x86/kernel/traps.c.
TEST(ConsoleReader, ReadsFaultsOfX86) {
  const auto page = only(
      "BUG: unable to handle page fault for address: ffffc90000000000\n"
      "#PF: supervisor read access in kernel mode\n"
      "Oops: Oops: 0000 [#1] SMP NOPTI\n"
      "RIP: 0010:read_it+0x4/0x10 [mod]\n"
      "---[ end trace 0000000000000000 ]---\n");
  EXPECT_EQ(page.kind, IncidentKind::oops);
  EXPECT_EQ(page.title, "BUG: unable to handle page fault in read_it [mod]");
  const auto protection = only(
      "Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1]\n"
      "RIP: 0010:read_it+0x4/0x10\n");
  EXPECT_EQ(protection.title, "general protection fault in read_it");
  EXPECT_EQ(only("general protection fault: 0000 [#1] SMP\nRIP: 0010:f+0x4/0x10\n").title,
            "general protection fault in f");
  const auto bug = only(
      "kernel BUG at mm/slub.c:448!\nOops: invalid opcode: 0000 [#1] SMP\n"
      "RIP: 0010:f+0x4/0x10\n");
  EXPECT_EQ(bug.kind, IncidentKind::bug);
  EXPECT_EQ(bug.title, "kernel BUG at mm/slub.c in f");
}

// From mm/slub.c, kernel/rcu/tree_exp.h, kernel/locking/spinlock_debug.c, mm/kfence/report.c.
TEST(ConsoleReader, GivesTitlesWithoutWhatDiffersFromRunToRun) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"BUG kmalloc-64 (Tainted: G        W ): Poison overwritten 0xff0011-0xff0012",
       "bug: BUG in slab kmalloc-64: Poison overwritten X-X"},
      {"rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-.... } 21 jiffies",
       "stall: rcu_preempt detected expedited stalls on CPUs/tasks"},
      {"rcu: INFO: rcu_sched self-detected stall on CPU",
       "stall: rcu_sched self-detected stall on CPU"},
      {"BUG: spinlock bad magic on CPU#0, swapper/1", "bug: BUG: spinlock bad magic"},
      {"BUG: KFENCE: use-after-free read in f+0x12/0x34",
       "bug: BUG: KFENCE: use-after-free read in f"},
      {"BUG: KASAN: double-free in kfree+0x12/0x34 [m]", "kasan: KASAN: double-free in kfree [m]"},
      {"INFO: task kworker/0:1:12 blocked for more than 120 seconds.",
       "hung_task: task kworker/N:N blocked"},
      {"watchdog: BUG: soft lockup - CPU#3 stuck for 26s! [kworker/3:1:99]",
       "stall: soft lockup of kworker/N:N"},
      {"WARNING: CPU: 0 PID: 1 at net/core.c:7 f.isra.0.cold+0x1/0x2",
       "warning: WARNING in f at net/core.c"},
      {"WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected",
       "lockdep: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected"},
      {"[ BUG: Invalid wait context ]", "lockdep: Invalid wait context"},
      {"BUG: MAX_LOCKDEP_CHAINS too low!", "lockdep: MAX_LOCKDEP_CHAINS too low"},
      {"BUG kmalloc-rnd-07-64 (Not tainted): Poison overwritten",
       "bug: BUG in slab kmalloc-64: Poison overwritten"},
      {"kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
       "warning: kmemleak: new suspected memory leaks"},
      {"unregister_netdevice: waiting for lo to become free. Usage count = 2",
       "warning: unregister_netdevice: waiting for lo to become free"},
      {"workqueue: f hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND",
       "other: workqueue: f hogged CPU"},
      {"smp: csd: Detected non-responsive CSD lock (#1) on CPU#1, waiting 500 ns for CPU#00 "
       "f+0x0/0x20(f).",
       "stall: non-responsive CSD lock, waiting for f"},
      {"INFO: task sh:12 blocked in I/O wait for more than 120 seconds.",
       "hung_task: task sh blocked"},
      {"huh, entered softirq 1 TIMER f+0x0 with preempt_count 00000100, exited with 00000101?",
       "bug: softirq TIMER leaked a preempt count"},
      {"CPU1: failed to come online", "warning: CPU failed to come online"},
      {"BUG: KMSAN: uninit-value in f+0x1/0x2", "bug: BUG: KMSAN: uninit-value in f"},
      {"BUG: KCSAN: data-race in f / g", "bug: BUG: KCSAN: data-race in f / g"},
      {"UBSAN: shift-out-of-bounds in ../kernel/a.c:12:3",
       "bug: UBSAN: shift-out-of-bounds in kernel/a.c"}};
  for (const auto& [line, title] : lines)
    EXPECT_EQ(titles(read("<4>[   12.345678][   T12] " + line + "\r\n")), title + "\n");
}

TEST(ConsoleReader, PutsSomebodyElsesUnfinishedLineAside) {
  EXPECT_EQ(only("login: [   12.345678][   T12] kernel BUG at fs/a.c:1!\n").title,
            "kernel BUG at fs/a.c");
}

TEST(ConsoleReader, IsQuietAboutOrdinaryLines) {
  EXPECT_EQ(titles(read("[    0.1] rcu: Hierarchical RCU implementation.\n"
                        "[    1.000000] trouble: loading out-of-tree module taints kernel.\n"
                        "DEBUG: nothing\nno Kernel panic - not syncing here\n"
                        "Call trace:\n f+0x1/0x2\n---[ end trace 0 ]---\n")),
            "");
}

TEST(ConsoleReader, ClosesAReportThatIsOver) {
  const auto incident = only(
      "[    1.000000] BUG: Bad rss-counter state mm:00000000 type:MM val:1\n"
      "[   30.000000] something else, half a minute later\n");
  EXPECT_EQ(incident.lines.size(), 1U);
}

TEST(ConsoleReader, BoundsAReportWithoutEnd) {
  std::string text = "BUG: x\n";
  for (int i = 0; i < 1000; ++i) text += " line\n";
  EXPECT_EQ(only(text).lines.size(), 200U);
}

TEST(ConsoleReader, KeepsTheFirstLineOfAReportBehindALongPreamble) {
  std::string text = "------------[ cut here ]------------\n";
  for (int i = 0; i < 7; ++i) text += std::string(5000, 'a') + "\n";
  const auto incident = only(text + "kernel BUG at " + std::string(5000, 'b') + "\n");
  EXPECT_TRUE(incident.lines.back().starts_with("kernel BUG at "));
}

TEST(ConsoleReader, BoundsTheNumberOfIncidents) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "BUG: x\n";
  const auto reader = read(text);
  EXPECT_EQ(reader.incidents().size(), ConsoleReader::max_incidents);
  EXPECT_EQ(reader.dropped(), 2000U);
}

TEST(ConsoleReader, BoundsLinesWithoutEnd) {
  ConsoleReader reader;
  reader.feed("BUG: x ");
  const std::string piece(1 << 16, 'a');
  for (int i = 0; i < 1000; ++i) reader.feed(piece);
  reader.feed("\nBUG: y\n");
  ASSERT_EQ(reader.lines(), 2U);
  EXPECT_EQ(reader.incidents()[0].lines[0].size(), 4096U);
  EXPECT_LE(reader.incidents()[0].title.size(), 210U);
}

TEST(ConsoleReader, StandsBytesOfAnyKind) {
  using namespace std::string_literals;
  const auto reader = read(
      "\0\xff\xfe\x80[\0]\n[<\n[    1.000000][   T\n[    1.\n"
      "WARNING: \n\nBUG: \xff\0\x1b[2J\nkmatrix: \nInternal error: [#\n"s,
      3);
  EXPECT_EQ(titles(reader), "other: WARNING:\nbug: BUG: \\xff\\x00\\x1b[2J\n");
  EXPECT_EQ(reader.lines(), 9U);
}

TEST(ConsoleReader, TakesAnUnfinishedLastLineAsALine) {
  EXPECT_EQ(only("Kernel panic - not syncing: no more").title, "Kernel panic: no more");
}

}  // namespace
}  // namespace kmatrix::machine
