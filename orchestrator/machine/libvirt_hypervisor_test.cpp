// SPDX-License-Identifier: GPL-2.0-or-later
// Boots real machines. KMATRIX_TEST_IMAGE is an arm64 Image; KMATRIX_TEST_ROOT and
// KMATRIX_TEST_CELL, the two disks of a cell, are wanted by the tests that run cases.
#include "machine/libvirt_hypervisor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <thread>

#include "machine/embedded_root.h"
#include "machine/session.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::machine {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Keeps a kernel that panicked where it is, instead of resetting the machine.
constexpr char stay[] = " panic=0";

Hardware without_disks(const std::string& name) {
  Hardware hardware;
  hardware.name = "kmatrix-test-" + std::to_string(getpid()) + "-" + name;
  hardware.machine.memory_mib = 256;
  hardware.kernel = setting("KMATRIX_TEST_IMAGE");
  hardware.command_line = command_line(hardware.machine);
  return hardware;
}

/// Processes of QEMU that mention the folder, dead ones that nobody has waited for left out.
int machines_below(const fs::path& folder) {
  int count = 0;
  for (const auto& process : fs::directory_iterator("/proc")) {
    const auto words = support::read_file(process.path() / "cmdline");
    if (!words || words->find(folder.string() + "/") == std::string::npos) continue;
    count += words->find("qemu") != std::string::npos && words->find("-name") != std::string::npos;
  }
  return count;
}

class MachineTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (setting("KMATRIX_TEST_IMAGE").empty()) return;
    auto made = LibvirtHypervisor::connect({"", runtime()});
    ASSERT_TRUE(made) << to_string(made.error());
    hypervisor() = std::move(*made);
  }
  static void TearDownTestSuite() { hypervisor().reset(); }
  void SetUp() override {
    if (setting("KMATRIX_TEST_IMAGE").empty()) GTEST_SKIP() << "set KMATRIX_TEST_IMAGE";
  }
  void TearDown() override {
    if (!HasFailure() || !hypervisor()) return;
    std::cerr << "console logs are kept in " << folder_.keep() << "\n";
  }

  /// libvirt has one embedded driver a process, so all tests share the folder.
  static fs::path runtime() {
    static const support::TempFolder folder = *support::TempFolder::create("/tmp", "kmt");
    const std::string other = setting("KMATRIX_TEST_RUNTIME");
    return other.empty() ? folder.path() : fs::path(other);
  }
  static std::unique_ptr<LibvirtHypervisor>& hypervisor() {
    static std::unique_ptr<LibvirtHypervisor> made;
    return made;
  }
  Session session(const Hardware& hardware, std::stop_token stop = {}) {
    return Session(*hypervisor(), clock_, hardware, log(hardware), stop);
  }
  fs::path log(const Hardware& hardware) const { return folder_.path() / (hardware.name + ".log"); }

  support::SystemClock clock_;
  support::TempFolder folder_ = *support::TempFolder::create(testing::TempDir(), "machine");
};

TEST_F(MachineTest, ReportsThePanicOfAKernelWithoutARoot) {
  const Hardware hardware = without_disks("panic");
  auto booting = session(hardware);
  const auto report = booting.boot();
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->end, GuestEnd::panicked) << report->reason;
  EXPECT_NE(report->reason.find("VFS"), std::string::npos) << report->reason;
  const std::string text = *support::read_file(log(hardware));
  EXPECT_TRUE(text.starts_with("[    0.000000]")) << text.substr(0, 200);
  EXPECT_TRUE(support::trim(text).ends_with("Memory Limit: none")) << "what a panic prints last";
  EXPECT_EQ(machines_below(runtime()), 0);
}

TEST_F(MachineTest, DestroysAMachineThatHangs) {
  Hardware hardware = without_disks("hang");
  hardware.command_line += " rootwait";  // for a disk that never comes
  hardware.machine.boot_timeout = 3s;
  auto booting = session(hardware);
  const auto report = booting.boot();
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->end, GuestEnd::hung) << report->reason;
  EXPECT_LT(report->took, 20s);
  EXPECT_EQ(machines_below(runtime()), 0);
}

TEST_F(MachineTest, LeavesNothingBehindWhenInterrupted) {
  Hardware hardware = without_disks("interrupt");
  hardware.command_line += stay;
  std::stop_source stop;
  {
    auto booting = session(hardware, stop.get_token());
    auto report = std::async(std::launch::async, [&] { return booting.boot(); });
    while (machines_below(runtime()) == 0) std::this_thread::sleep_for(10ms);
    stop.request_stop();
    EXPECT_FALSE(report.get());
  }
  EXPECT_EQ(machines_below(runtime()), 0);
}

TEST_F(MachineTest, RunsTwoMachinesAtOnce) {
  const auto boot = [&](const char* name) {
    return std::async(std::launch::async, [this, hardware = without_disks(name)] {
      auto booting = session(hardware);
      auto report = booting.boot();
      return report ? report->reason : to_string(report.error());
    });
  };
  auto one = boot("one"), two = boot("two");
  const std::string reason = one.get();
  EXPECT_EQ(reason, two.get());
  EXPECT_TRUE(reason.starts_with("kernel panic: ")) << reason;
}

TEST_F(MachineTest, MakesAnErrorOfAQemuThatIsKilled) {
  Hardware hardware = without_disks("killed");
  hardware.command_line += stay;
  auto booting = session(hardware);
  auto report = std::async(std::launch::async, [&] { return booting.boot(); });
  const fs::path pid_file = runtime() / "0" / "run" / "qemu" / (hardware.name + ".pid");
  while (!fs::exists(log(hardware)) || fs::file_size(log(hardware)) == 0)
    std::this_thread::sleep_for(10ms);
  kill(std::stoi(*support::read_file(pid_file)), SIGKILL);
  const auto result = report.get();
  ASSERT_FALSE(result) << result->reason;
  EXPECT_EQ(result.error().kind, ErrorKind::infrastructure);
}

TEST_F(MachineTest, SaysWhyAMachineCannotBeMade) {
  Hardware hardware = without_disks("impossible");
  hardware.kernel = "/no/such/Image";
  auto booting = session(hardware);
  const auto report = booting.boot();
  ASSERT_FALSE(report);
  EXPECT_NE(to_string(report.error()).find("/no/such/Image"), std::string::npos)
      << to_string(report.error());
}

TEST_F(MachineTest, RefusesARemoteUri) {
  const auto remote = LibvirtHypervisor::connect({"qemu+ssh://arm64-host/system", runtime()});
  ASSERT_FALSE(remote);
  EXPECT_NE(remote.error().message.find("remote"), std::string::npos);
}

/// Not a test of its own: the process that the next one kills.
TEST_F(MachineTest, Victim) {
  if (setting("KMATRIX_TEST_VICTIM").empty()) GTEST_SKIP() << "run by another test";
  Hardware hardware = without_disks("victim");
  hardware.command_line += stay;
  auto booting = session(hardware);
  auto report = std::async(std::launch::async, [&] { return booting.boot(); });
  while (machines_below(runtime() / setting("KMATRIX_TEST_VICTIM")) == 0)
    std::this_thread::sleep_for(10ms);
  EXPECT_EQ(write(3, "x", 1), 1);
  pause();
}

TEST_F(MachineTest, CleansUpAfterAProcessThatWasKilled) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  std::string name = "machine_boot_test", filter = "--gtest_filter=MachineTest.Victim";
  char* argv[] = {name.data(), filter.data(), nullptr};
  setenv("KMATRIX_TEST_RUNTIME", runtime().c_str(), 1);
  setenv("KMATRIX_TEST_VICTIM", "1", 1);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 3);
  pid_t victim = -1;
  ASSERT_EQ(posix_spawn(&victim, "/proc/self/exe", &actions, nullptr, argv, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  unsetenv("KMATRIX_TEST_RUNTIME");
  unsetenv("KMATRIX_TEST_VICTIM");
  close(ends[1]);
  char sign = 0;
  EXPECT_EQ(read(ends[0], &sign, 1), 1) << "the other process has a machine";
  close(ends[0]);
  kill(victim, SIGKILL);
  waitpid(victim, nullptr, 0);
  EXPECT_EQ(machines_below(runtime() / "1"), 1) << "it outlives its owner";
  EXPECT_TRUE(EmbeddedRoot::take(runtime()));
  EXPECT_EQ(machines_below(runtime() / "1"), 0);
}

class CaseTest : public MachineTest {
 protected:
  void SetUp() override {
    if (setting("KMATRIX_TEST_IMAGE").empty() || setting("KMATRIX_TEST_ROOT").empty())
      GTEST_SKIP() << "set KMATRIX_TEST_IMAGE, KMATRIX_TEST_ROOT and KMATRIX_TEST_CELL";
  }
  static Hardware with_disks(const std::string& name) {
    Hardware hardware = without_disks(name);
    hardware.machine.memory_mib = 512;
    hardware.disks = {setting("KMATRIX_TEST_ROOT"), setting("KMATRIX_TEST_CELL")};
    return hardware;
  }
  agent::Run shell(const std::string& script) {
    agent::Run run;
    run.seq = ++seq_;
    run.name = "case-" + std::to_string(seq_);
    run.argv = {"/bin/sh", "-c", script};
    run.env = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}};
    return run;
  }
  std::uint64_t seq_ = 0;
};

TEST_F(CaseTest, RunsCasesAndPowersOff) {
  const Hardware hardware = with_disks("cases");
  auto machine = session(hardware);
  const auto booted = machine.boot();
  ASSERT_TRUE(booted) << to_string(booted.error());
  ASSERT_TRUE(booted->hello) << booted->reason;
  std::cerr << "agent after " << booted->took.count() << " s\n";
  const auto good = machine.run(shell("echo out; echo err >&2; exit 7"), 60s);
  ASSERT_TRUE(good && good->ended) << (good ? good->reason : to_string(good.error()));
  EXPECT_EQ(good->ended->code, 7);
  EXPECT_EQ(good->output, "out\nerr\n");
  EXPECT_GT(good->last_line, good->first_line);
  const auto slow = machine.run(shell("sleep 100"), 1s);
  ASSERT_TRUE(slow && slow->ended);
  EXPECT_TRUE(slow->ended->timed_out);
  const auto flood = machine.run(shell("yes 0123456789abcdef | head -c 20000000; echo end"), 60s);
  ASSERT_TRUE(flood && flood->ended) << (flood ? flood->reason : to_string(flood.error()));
  EXPECT_EQ(flood->ended->dropped, 20'000'004U - (1U << 20));
  EXPECT_NEAR(static_cast<double>(flood->output.size()), 1U << 20, 100) << "and a line about it";
  EXPECT_TRUE(flood->output.ends_with("end\n"));
  EXPECT_TRUE(machine.power_off());
  EXPECT_EQ(machines_below(runtime()), 0);
}

TEST_F(CaseTest, SurvivesAFloodOnTheConsole) {
  const Hardware hardware = with_disks("flood");
  auto machine = session(hardware);
  const auto booted = machine.boot();
  ASSERT_TRUE(booted && booted->hello) << (booted ? booted->reason : to_string(booted.error()));
  const auto flood = machine.run(
      shell("i=0; while [ $i -lt 3000 ]; do echo line $i of a flood; i=$((i+1)); done >/dev/kmsg"),
      60s);
  ASSERT_TRUE(flood && flood->ended) << (flood ? flood->reason : to_string(flood.error()));
  EXPECT_GT(flood->last_line - flood->first_line, 3000U) << "the case's part is complete";
  const auto after = machine.run(shell("true"), 60s);
  ASSERT_TRUE(after && after->ended);
  EXPECT_EQ(after->end, GuestEnd::alive);
}

TEST_F(CaseTest, TellsTheCaseThatTookTheMachineDown) {
  Hardware hardware = with_disks("down");
  hardware.machine.memory_mib = 160;  // soon full
  auto machine = session(hardware);
  const auto booted = machine.boot();
  ASSERT_TRUE(booted && booted->hello) << (booted ? booted->reason : to_string(booted.error()));
  const auto report = machine.run(
      shell("echo half; echo 2 >/proc/sys/vm/panic_on_oom; mount -t tmpfs -o size=1g none /tmp; "
            "head -c 1000000000 /dev/zero >/tmp/x"),
      60s);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_FALSE(report->ended);
  EXPECT_TRUE(report->started);
  EXPECT_EQ(report->end, GuestEnd::panicked) << report->reason;
  EXPECT_NE(report->reason.find("Out of memory"), std::string::npos) << report->reason;
  EXPECT_EQ(report->output, "half\n");
  EXPECT_EQ(machines_below(runtime()), 0);
}

}  // namespace
}  // namespace kmatrix::machine
