// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/kselftest_suite.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;
using plan::Outcome;
using Words = std::vector<std::string>;
using std::chrono::seconds;

/// What `make install` of the selftests leaves.
class KselftestSuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    write("kselftest-list.txt",
          "timers:posix_timers\ntimers:nanosleep\nnet/lib:a.sh\nnet/lib:plain.py\n\n");
    write("timers/posix_timers", "\177ELF...", true);
    write("timers/nanosleep", "\177ELF...", true);
    write("timers/settings", "# slow ones\ntimeout=300\n");
    write("net/lib/a.sh", "#!/bin/sh\n", true);
    write("net/lib/plain.py", "#! /usr/bin/env  python3 -u\nprint()\n");
    spec_.name = "self";
    spec_.runner = spec::RunnerKind::kselftest;
    spec_.case_timeout = seconds(120);
  }

  void write(const std::string& name, const std::string& content, bool executable = false) {
    const auto file = built_.path() / name;
    fs::create_directories(file.parent_path());
    ASSERT_TRUE(support::write_file(file, content));
    fs::permissions(file, executable ? fs::perms{0755} : fs::perms{0644});
  }
  std::unique_ptr<Suite> suite() { return make_kselftest_suite(spec_, built_.path()).value(); }
  Error error() {
    const auto made = make_kselftest_suite(spec_, built_.path());
    EXPECT_FALSE(made);
    return made ? Error() : made.error();
  }
  Case of(const std::string& name) {
    const auto made = suite();
    for (const auto& each : made->cases())
      if (each.name == name) return each;
    return {};
  }
  Words names() {
    Words result;
    const auto made = suite();
    for (const auto& each : made->cases()) result.push_back(each.name);
    return result;
  }
  Words unbuilt() {
    Words result;
    const auto made = suite();
    for (const auto& each : made->unbuilt()) result.push_back(each.name + ": " + each.reason);
    return result;
  }

  support::TempFolder built_ =
      support::TempFolder::create(fs::temp_directory_path(), "kselftest").value();
  spec::Suite spec_;
};

TEST_F(KselftestSuiteTest, HasTheTestsOfTheList) {
  EXPECT_EQ(names(),
            (Words{"timers:posix_timers", "timers:nanosleep", "net/lib:a.sh", "net/lib:plain.py"}));
  const auto made = suite();
  ASSERT_EQ(made->needed().size(), 1U);
  EXPECT_EQ(made->needed()[0].from, built_.path());
  EXPECT_EQ(made->needed()[0].to, "kselftest");
  EXPECT_TRUE(made->unbuilt().empty());
}

TEST_F(KselftestSuiteTest, RunsATestInItsFolder) {
  const auto test = of("net/lib:a.sh");
  EXPECT_EQ(test.argv, Words{"/kmatrix/cell/kselftest/net/lib/a.sh"});
  EXPECT_EQ(test.cwd, "/kmatrix/cell/kselftest/net/lib");
  EXPECT_EQ(test.env.at("BASE_DIR"), "/kmatrix/cell/kselftest");
  EXPECT_EQ(test.env.at("kselftest_timeout"), "120");
}

TEST_F(KselftestSuiteTest, RunsAScriptThatIsNotExecutableWithItsInterpreter) {
  EXPECT_EQ(of("net/lib:plain.py").argv,
            (Words{"/usr/bin/env", "python3 -u", "/kmatrix/cell/kselftest/net/lib/plain.py"}));
  write("net/lib/a.sh", "echo no interpreter\n", true);
  EXPECT_EQ(of("net/lib:a.sh").argv, (Words{"/bin/sh", "/kmatrix/cell/kselftest/net/lib/a.sh"}));
}

TEST_F(KselftestSuiteTest, TakesTheLargerTimeout) {
  EXPECT_EQ(of("timers:nanosleep").timeout, seconds(300));
  EXPECT_EQ(of("timers:nanosleep").env.at("kselftest_timeout"), "300");
  spec_.case_timeout = seconds(900);
  EXPECT_EQ(of("timers:nanosleep").timeout, seconds(900));
  for (const auto* settings :
       {"timeout=0\n", "timeout=x\n", "timeout=99999999999\n", "other=3\n"}) {
    write("timers/settings", settings);
    EXPECT_EQ(of("timers:nanosleep").timeout, seconds(900)) << settings;
  }
  write("timers/settings", "timeout=999999999\n");
  EXPECT_EQ(of("timers:nanosleep").timeout, seconds(86'400));
}

TEST_F(KselftestSuiteTest, SelectsAndDenies) {
  spec_.select = {"timers:*"};
  spec_.deny = {"/nano/"};
  EXPECT_EQ(names(), Words{"timers:posix_timers"});
  spec_.select = {"timers:posix_timer"};
  EXPECT_EQ(error().kind, ErrorKind::input);
  EXPECT_EQ(error().hint, "did you mean 'timers:posix_timers'?");
}

TEST_F(KselftestSuiteTest, KnowsWhatWasNotBuilt) {
  write("blocked.json", R"({"timers:raw": "raw.c:3: no such header", "timers:nanosleep": "old"})");
  write("net/lib/plain.py", "neither\n");
  fs::remove(built_.path() / "net/lib/a.sh");
  EXPECT_EQ(names(), Words{"timers:posix_timers"});
  EXPECT_EQ(unbuilt(), (Words{"timers:nanosleep: old",
                              "net/lib:a.sh: it is in the list, but was not installed",
                              "net/lib:plain.py: it is neither executable nor a script",
                              "timers:raw: raw.c:3: no such header"}));
  spec_.select = {"timers:raw"};
  EXPECT_EQ(names(), Words{});
  EXPECT_EQ(unbuilt(), Words{"timers:raw: raw.c:3: no such header"});
}

TEST_F(KselftestSuiteTest, JudgesByKtapWhereThereIsAnyAndElseByTheExitCode) {
  const auto made = suite();
  const auto judge = [&](const std::string& output, int code) {
    return made->judge(made->cases()[0], {code, false, output, 0, 0});
  };
  const auto spoken = judge("TAP version 13\n1..2\nok 1 a\nnot ok 2 b\n", 1);
  ASSERT_EQ(spoken.size(), 3U);
  EXPECT_EQ(spoken[0].name, "timers:posix_timers");
  EXPECT_EQ(spoken[0].outcome, Outcome::failed);
  EXPECT_EQ(spoken[1].name, "timers:posix_timers/a");
  EXPECT_EQ(spoken[2].outcome, Outcome::failed);
  EXPECT_EQ(judge("no root\n", 4)[0].outcome, Outcome::skipped);
  EXPECT_EQ(judge("", 0)[0].outcome, Outcome::passed);
}

TEST_F(KselftestSuiteTest, RefusesNamesThatLeaveTheFolder) {
  for (const auto* name :
       {"timers:../../etc/passwd", "..:x", "a/../../b:x", "/etc:passwd", "a//b:x", "timers:..",
        "timers:.", "timers:", ":x", "timers", "a:b:c", "a b:c", "timers:x\033[2J"}) {
    write("kselftest-list.txt", std::string("timers:posix_timers\n") + name + "\n");
    EXPECT_EQ(error().kind, ErrorKind::infrastructure) << name;
    EXPECT_EQ(error().message.find('\033'), std::string::npos);
    write("kselftest-list.txt", "timers:posix_timers\n");
  }
  write("blocked.json", R"({"../x:y": "reason"})");
  EXPECT_NE(error().message.find("blocked.json is damaged"), std::string::npos);
}

TEST_F(KselftestSuiteTest, DoesNotFollowALinkOutOfTheFolder) {
  fs::remove(built_.path() / "timers/nanosleep");
  fs::create_symlink("/bin/sh", built_.path() / "timers/nanosleep");
  spec_.select = {"timers:*"};
  EXPECT_EQ(names(), Words{"timers:posix_timers"});
  EXPECT_EQ(unbuilt().size(), 1U);
}

TEST_F(KselftestSuiteTest, SaysWhatIsWrongWithTheBuild) {
  EXPECT_EQ(make_kselftest_suite(spec_, "").error().message,
            "suite 'self': its built selftests are not there");
  EXPECT_EQ(make_kselftest_suite(spec_, "").error().kind, ErrorKind::infrastructure);
  write("blocked.json", "[1, 2]");
  EXPECT_NE(error().message.find("blocked.json is damaged"), std::string::npos);
  fs::remove(built_.path() / "blocked.json");
  write("kselftest-list.txt", std::string(5 << 20, 'x'));
  EXPECT_EQ(error().message,
            "suite 'self': its built selftests have a file kselftest-list.txt that is too large");
  fs::remove(built_.path() / "kselftest-list.txt");
  EXPECT_EQ(error().message, "suite 'self': its built selftests are none");
}

TEST_F(KselftestSuiteTest, IsWhatItsRunnerMakes) {
  // As an entry of the cache has them.
  const auto entry = support::TempFolder::create(testing::TempDir(), "entry-");
  fs::create_directory_symlink(built_.path(), entry->path() / "files");
  const auto made = make_suite(spec_, {"/source", "/data", entry->path()});
  ASSERT_TRUE(made) << support::to_string(made.error());
  EXPECT_EQ((*made)->cases().size(), 4U);
  EXPECT_EQ(make_suite(spec_, {"/source", "/data"}).error().kind, ErrorKind::infrastructure);
}

}  // namespace
}  // namespace kmatrix::suite
