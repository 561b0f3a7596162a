// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/accelerator.h"

#include <gtest/gtest.h>

#include <vector>

#include "machine/scripted_hypervisor.h"
#include "support/file.h"

namespace kmatrix::machine {
namespace {

using namespace std::chrono_literals;
using spec::Accelerator;

TEST(Choice, IsKvmOnlyWhereItIsFaster) {
  const auto kvm = choose({2500ms, ""}, {400ms, ""});
  EXPECT_EQ(kvm.accel, Accelerator::kvm);
  EXPECT_EQ(kvm.reason, "the probe takes 0.4 s under kvm, 2.5 s under tcg");
  EXPECT_EQ(choose({2500ms, ""}, {2600ms, ""}).accel, Accelerator::tcg);
}

TEST(Choice, IsTcgWhereKvmCannotRunTheProbe) {
  const auto tcg = choose({2500ms, ""}, {std::nullopt, "it was not done after 5.0 s"});
  EXPECT_EQ(tcg.accel, Accelerator::tcg);
  EXPECT_EQ(tcg.reason,
            "kvm cannot run the probe, for which tcg takes 2.5 s: it was not done after 5.0 s");
}

TEST(Choice, NeedsNoProbeForAnotherArchitecture) {
  const auto tcg = obvious_choice("arm64", "x86_64");
  ASSERT_TRUE(tcg);
  EXPECT_EQ(tcg->accel, Accelerator::tcg);
  EXPECT_EQ(tcg->reason, "kvm cannot run arm64 guests on this x86_64 host");
  EXPECT_FALSE(obvious_choice("arm64", "arm64"));
}

/// TCG boots the probe at once; what KVM does is the test's.
class ProbeTest : public testing::Test {
 protected:
  ProbeTest() {
    EXPECT_TRUE(support::write_file(folder_.path() / "kmatrix-probe-x86_64", "none"));
    machine_.arch = "x86_64";
  }
  Result<Choice> probe() {
    hypervisor_.on_start = [this](ScriptedGuest& guest) {
      if (++started_ == 2) return on_kvm_(guest);
      guest.print("firmware\nkmatrix: probe BEGIN\n");
      guest.print("kmatrix: probe END\n");
    };
    return probe_accelerators(hypervisor_, clock_, machine_, folder_.path(), "test",
                              stop_.get_token());
  }
  support::TempFolder folder_ = *support::TempFolder::create(testing::TempDir(), "probe");
  support::SystemClock clock_;
  ScriptedHypervisor hypervisor_;
  spec::Machine machine_;
  std::stop_source stop_;
  std::function<void(ScriptedGuest&)> on_kvm_;
  int started_ = 0;
};

TEST_F(ProbeTest, SurvivesAQemuThatDiesUnderKvm) {
  on_kvm_ = [](ScriptedGuest& guest) { guest.break_down("QEMU ended unexpectedly"); };
  const auto choice = probe();
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->accel, Accelerator::tcg);
  EXPECT_NE(choice->reason.find("QEMU ended unexpectedly"), std::string::npos);
}

TEST_F(ProbeTest, DoesNotWaitLongForAKvmThatIsSlow) {
  on_kvm_ = [](ScriptedGuest& guest) { guest.print("firmware\nkmatrix: probe BEGIN\n"); };
  const auto begin = clock_.now();
  const auto choice = probe();
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->accel, Accelerator::tcg);
  EXPECT_LT(clock_.now() - begin, 20s);
}

TEST_F(ProbeTest, IsInterrupted) {
  on_kvm_ = [this](ScriptedGuest&) { stop_.request_stop(); };
  const auto choice = probe();
  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().kind, ErrorKind::interrupted);
}

TEST_F(ProbeTest, TriesKvmOnlyWhereTheProbeRunsAtAll) {
  hypervisor_.refusal = support::infrastructure_error("no QEMU");
  const auto choice = probe();
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->accel, Accelerator::tcg);
  EXPECT_EQ(choice->reason, "the probe does not run here at all: under tcg no QEMU");
}

}  // namespace
}  // namespace kmatrix::machine
