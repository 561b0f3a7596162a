// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "machine/scripted_hypervisor.h"
#include "run/cell.h"
#include "support/file.h"
#include "support/process.h"

// For tests: whole cells on scripted machines.
namespace kmatrix::run {

using namespace std::chrono_literals;
using machine::ScriptedGuest;
using plan::Outcome;
using Outcomes = std::vector<Outcome>;

inline constexpr char banner[] = "[    0.000000] Linux version 6.12.0 (builder@kmatrix)\n";
inline constexpr char panic[] = "[    9.000000] Kernel panic - not syncing: made by a test\n";

class Notebook : public RunObserver {
 public:
  Status cell_started(std::size_t) override {
    EXPECT_TRUE(planned.empty() && cases.empty());
    ++started;
    return {};
  }
  Status cases_planned(std::size_t, const std::vector<std::string>& names) override {
    planned.insert(planned.end(), names.begin(), names.end());
    return {};
  }
  Status case_finished(const CaseRecord& record) override {
    cases.push_back(record);
    return {};
  }
  Status incident(const IncidentRecord& record) override {
    incidents.push_back(record);
    return {};
  }
  const CaseRecord& of(const std::string& name) const {
    const auto found = std::find_if(cases.begin(), cases.end(),
                                    [&](const auto& each) { return each.name == name; });
    static const CaseRecord none;
    EXPECT_NE(found, cases.end()) << "no outcome: " << name;
    return found != cases.end() ? *found : none;
  }
  int started = 0;
  std::vector<std::string> planned;
  std::vector<CaseRecord> cases;
  std::vector<IncidentRecord> incidents;
};

inline void greet(ScriptedGuest& guest) {
  guest.print(banner);
  guest.say(agent::Hello{agent::protocol_version, "6.12.0", "#1 SMP", 2, 1500ms, 0, 7000us});
}
inline void begin(ScriptedGuest& guest, const agent::Run& run) {
  guest.print(agent::start_marker(run.seq, run.name) + "\n");
  guest.say(agent::Started{run.seq});
}
inline void end(ScriptedGuest& guest, const agent::Run& run) {
  guest.say(agent::Output{run.seq, "[1] A test\t[PASS]\n"});
  guest.print(agent::end_marker(run.seq, 0) + "\n");
  guest.say(agent::Ended{run.seq, 0, false, 700ms, 0, 0, false});
}
inline void pass(ScriptedGuest& guest, const agent::Run& run) {
  begin(guest, run);
  end(guest, run);
}
inline void die(ScriptedGuest& guest) {
  guest.print(panic);
  guest.stop("the machine reset itself");
}

/// Three cases, a.tc to c.tc, on machines that do what `on_boot` and `on_case` say.
class CellTest : public testing::Test {
 protected:
  using OnBoot = std::function<void(ScriptedGuest&, int boot)>;
  using OnCase = std::function<void(ScriptedGuest&, const agent::Run&, int boot)>;

  CellTest() : folder_(*support::TempFolder::create(testing::TempDir(), "cell")) {
    write(tests() / "ftracetest", "#!/bin/sh\n");
    for (const char* name : {"a", "b", "c"}) add_case(name);
    write(folder_.path() / "modules/none", "");
    machine_.silence_timeout = 1s;
    suite_.runner = spec::RunnerKind::ftracetest;
    suite_.case_timeout = 60s;
    cell_.name = "tree/base/config/machine/suite";
  }
  std::filesystem::path tests() const {
    return folder_.path() / "source/tools/testing/selftests/ftrace";
  }
  void add_case(const std::string& name) const {
    write(tests() / "test.d" / (name + ".tc"), "# description: A test\n");
  }
  static void write(const std::filesystem::path& file, const std::string& text) {
    ASSERT_TRUE(support::write_file(file, text));
  }

  Result<CellRecord> try_to_run() {
    hypervisor_.on_start = [this](ScriptedGuest& guest) { on_boot_(guest, ++boots_); };
    hypervisor_.on_message = [this](ScriptedGuest& guest, const agent::FromHost& message) {
      if (const auto* run = std::get_if<agent::Run>(&message)) on_case_(guest, *run, boots_);
      if (const auto* kill = std::get_if<agent::Kill>(&message); kill != nullptr && on_kill_)
        on_kill_(guest, *kill);
      if (std::holds_alternative<agent::Poweroff>(message)) guest.stop("switched off");
    };
    CellTask task;
    task.cell = &cell_;
    task.machine = &machine_;
    task.suite = &suite_;
    task.kernel.modules = folder_.path() / "modules";
    task.source = folder_.path() / "source";
    task.folder = folder_.path() / "run";
    task.selftests = selftests_;
    task.data = data_;
    task.domain_name = "test";
    task.done = done_;
    task.earlier_boots = earlier_boots_;
    image::ImageStore images(folder_.path() / "cache", processes_, [](const auto&) {}, {});
    const auto report = [this](const auto& call) {
      const std::lock_guard lock(seen_mutex_);
      return call(seen_);
    };
    task.index = index_;
    task.signature = signature_;
    return run_cell(task, {images, hypervisor_, clock_, identities_, report, stop_.get_token()});
  }
  CellRecord run() {
    auto record = try_to_run();
    EXPECT_TRUE(record) << to_string(record.error());
    return record ? *record : CellRecord();
  }
  std::vector<Outcome> outcomes() const {
    return {seen_.of("a.tc").outcome, seen_.of("b.tc").outcome, seen_.of("c.tc").outcome};
  }

  support::TempFolder folder_;
  support::BoostProcessRunner processes_;
  support::SystemClock clock_;
  machine::ScriptedHypervisor hypervisor_;
  plan::PlannedCell cell_;
  spec::Machine machine_;
  spec::Suite suite_;
  std::set<std::string> done_;
  int earlier_boots_ = 0;
  std::size_t index_ = 0;
  std::string signature_;
  Identities identities_;
  std::stop_source stop_;
  OnBoot on_boot_ = [](ScriptedGuest& guest, int) { greet(guest); };
  OnCase on_case_ = [](ScriptedGuest& guest, const agent::Run& run, int) { pass(guest, run); };
  std::mutex seen_mutex_;
  std::function<void(ScriptedGuest&, const agent::Kill&)> on_kill_;
  std::filesystem::path selftests_, data_;
  Notebook seen_;
  std::atomic<int> boots_ = 0;
};

}  // namespace kmatrix::run
