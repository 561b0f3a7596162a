// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/script_suite.h"

#include <gtest/gtest.h>

namespace kmatrix::suite {
namespace {

using plan::Outcome;

spec::Suite script(std::vector<spec::ScriptCase> cases) {
  spec::Suite spec;
  spec.name = "s";
  spec.runner = spec::RunnerKind::script;
  spec.cases = std::move(cases);
  spec.case_timeout = std::chrono::seconds(9);
  spec.at = {"x.yaml", 3, 5};
  return spec;
}

Outcome outcome_of(spec::Protocol protocol, const std::string& output, int code) {
  auto spec = script({{"a", "true"}});
  spec.protocol = protocol;
  const auto suite = make_script_suite(spec).value();
  return suite->judge(suite->cases().at(0), {code, false, output, 0, 0}).at(0).outcome;
}

TEST(ScriptSuite, RunsEachCommandWithTheShell) {
  const auto suite = make_script_suite(script({{"b", "./b.sh | tee log"}, {"a", "true"}})).value();
  ASSERT_EQ(suite->cases().size(), 2U);
  const auto& first = suite->cases()[0];
  EXPECT_EQ(first.name, "b");
  EXPECT_EQ(first.argv, (std::vector<std::string>{"/bin/sh", "-c", "./b.sh | tee log"}));
  EXPECT_EQ(first.cwd, "/");
  EXPECT_EQ(first.timeout, std::chrono::seconds(9));
  EXPECT_EQ(suite->cases()[1].name, "a");
  EXPECT_TRUE(suite->needed().empty());
}

TEST(ScriptSuite, BringsItsFilesAlong) {
  auto spec = script({{"a", "./a.sh"}});
  spec.files = {"/here/a.sh", "/here/data/", "/here/lib/../other"};
  const auto suite = make_script_suite(spec).value();
  ASSERT_EQ(suite->needed().size(), 3U);
  EXPECT_EQ(suite->needed()[0].from, "/here/a.sh");
  EXPECT_EQ(suite->needed()[0].to, "files/a.sh");
  EXPECT_EQ(suite->needed()[1].to, "files/data");
  EXPECT_EQ(suite->needed()[2].to, "files/other");
  EXPECT_EQ(suite->cases()[0].cwd, "/kmatrix/cell/files");
}

TEST(ScriptSuite, SelectsAndDenies) {
  auto spec = script({{"fast-1", "true"}, {"fast-2", "true"}, {"slow", "true"}});
  spec.select = {"fast-*"};
  spec.deny = {"*-2"};
  const auto suite = make_script_suite(spec).value();
  ASSERT_EQ(suite->cases().size(), 1U);
  EXPECT_EQ(suite->cases()[0].name, "fast-1");
  spec.select = {"fats-1"};
  const auto refused = make_script_suite(spec);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::input);
  EXPECT_EQ(refused.error().at, (Location{"x.yaml", 3, 5}));
  EXPECT_EQ(refused.error().hint, "did you mean 'fast-1'?");
}

TEST(ScriptSuite, ReadsTheOutputByItsProtocol) {
  using spec::Protocol;
  const std::string spoken = "TAP version 13\n1..1\nnot ok 1 a\n";
  EXPECT_EQ(outcome_of(Protocol::automatic, spoken, 0), Outcome::failed);
  EXPECT_EQ(outcome_of(Protocol::ktap, spoken, 0), Outcome::failed);
  EXPECT_EQ(outcome_of(Protocol::exit, spoken, 0), Outcome::passed);
  EXPECT_EQ(outcome_of(Protocol::automatic, "hello\n", 0), Outcome::passed);
  EXPECT_EQ(outcome_of(Protocol::ktap, "hello\n", 0), Outcome::unresolved);
  EXPECT_EQ(outcome_of(Protocol::exit, "hello\n", 4), Outcome::skipped);
  EXPECT_EQ(outcome_of(Protocol::exit, "hello\n", 3), Outcome::failed);
}

TEST(ScriptSuite, IsWhatItsRunnerMakes) {
  EXPECT_EQ(make_suite(script({{"a", "true"}}), {"/source", "/data"}).value()->cases()[0].name,
            "a");
}

}  // namespace
}  // namespace kmatrix::suite
