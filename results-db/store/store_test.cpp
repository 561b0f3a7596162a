// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/store.h"

#include <gtest/gtest.h>

#include <limits>

#include "store/fixture.h"
#include "support/digest.h"

namespace kmatrix::store {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  Store store_ = Store::open(":memory:").value();
};

void expect_mentions(const Error& error, const std::string& text) {
  EXPECT_NE(error.message.find(text), std::string::npos) << error.message;
}

TEST_F(StoreTest, KeepsEveryColumnOfARun) {
  const RunId id = store_.add_run(some_run()).value();
  const RunRow run = store_.run(id).value();
  EXPECT_EQ(run.id, id);
  EXPECT_EQ(run.experiment, some_run().experiment);
  EXPECT_EQ(run.experiment_file, some_run().experiment_file);
  EXPECT_EQ(run.experiment_text, some_run().experiment_text);
  EXPECT_EQ(run.experiment_digest, some_run().experiment_digest);
  EXPECT_EQ(run.started, some_run().started);
  EXPECT_EQ(run.finished, "");
  EXPECT_EQ(run.state, "running");
  EXPECT_EQ(run.host, some_run().host);
  EXPECT_EQ(run.kmatrix_version, some_run().kmatrix_version);
  EXPECT_EQ(run.folder, some_run().folder);
  EXPECT_EQ(run.selection, some_run().selection);
  EXPECT_EQ(run.rerun_of, some_run().rerun_of);
}

TEST_F(StoreTest, KeepsEveryColumnOfAKernel) {
  const KernelRow put = some_kernel(store_.add_run(some_run()).value());
  const std::int64_t id = store_.put_kernel(put).value();
  const auto rows = store_.kernels(put.run).value();
  ASSERT_EQ(rows.size(), 1U);
  const KernelRow& row = rows[0];
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.run, put.run);
  EXPECT_EQ(row.name, put.name);
  EXPECT_EQ(row.tree, put.tree);
  EXPECT_EQ(row.series, put.series);
  EXPECT_EQ(row.config, put.config);
  EXPECT_EQ(row.arch, put.arch);
  EXPECT_EQ(row.tree_description, put.tree_description);
  EXPECT_EQ(row.tree_digest, put.tree_digest);
  EXPECT_EQ(row.series_digest, put.series_digest);
  EXPECT_EQ(row.compiler, put.compiler);
  EXPECT_EQ(row.recipe_key, put.recipe_key);
  EXPECT_EQ(row.kernel_key, put.kernel_key);
  EXPECT_EQ(row.series_description, put.series_description);
  EXPECT_EQ(row.config_text, put.config_text);
  EXPECT_EQ(row.why, put.why);
  EXPECT_EQ(row.state, put.state);
  EXPECT_EQ(row.first_error, put.first_error);
  EXPECT_EQ(row.log, put.log);
  EXPECT_EQ(row.release, put.release);
  EXPECT_EQ(row.objects, put.objects);
  EXPECT_EQ(row.signature, put.signature);
  EXPECT_EQ(row.seconds, put.seconds);
  EXPECT_EQ(row.requests, put.requests);
}

TEST_F(StoreTest, KeepsEveryColumnOfACell) {
  const KernelRow kernel = some_kernel(store_.add_run(some_run()).value());
  const CellRow put = some_cell(kernel, store_.put_kernel(kernel).value());
  const std::int64_t id = store_.put_cell(put).value();
  const auto rows = store_.cells(kernel.run).value();
  ASSERT_EQ(rows.size(), 1U);
  const CellRow& row = rows[0];
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.kernel, put.kernel);
  EXPECT_EQ(row.run, put.run);
  EXPECT_EQ(row.name, put.name);
  EXPECT_EQ(row.tree, put.tree);
  EXPECT_EQ(row.series, put.series);
  EXPECT_EQ(row.config, put.config);
  EXPECT_EQ(row.machine, put.machine);
  EXPECT_EQ(row.suite, put.suite);
  EXPECT_EQ(row.state, put.state);
  EXPECT_EQ(row.reason, put.reason);
  EXPECT_EQ(row.explanation, put.explanation);
  EXPECT_EQ(row.command_line, put.command_line);
  EXPECT_EQ(row.machine_xml, put.machine_xml);
  EXPECT_EQ(row.folder, put.folder);
  EXPECT_EQ(row.boot_seconds, put.boot_seconds);
  EXPECT_EQ(row.seconds, put.seconds);
  EXPECT_TRUE(row.expect_unavailable);
  EXPECT_EQ(row.cell_key, put.cell_key);
  EXPECT_EQ(row.why, put.why);
  EXPECT_EQ(row.inputs, put.inputs);
  EXPECT_EQ(row.accel, put.accel);
  EXPECT_EQ(row.accel_reason, put.accel_reason);
  EXPECT_EQ(row.slowness, put.slowness);
  EXPECT_EQ(row.notes, put.notes);
}

TEST_F(StoreTest, KeepsEveryColumnOfACase) {
  const CaseRow put = some_case(add_cell(store_), "direct/ftrace-direct.tc");
  const std::int64_t id = store_.put_case(put).value();
  const auto rows = store_.cases(RunId{1}).value();
  ASSERT_EQ(rows.size(), 1U);
  const CaseRow& row = rows[0];
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.cell, put.cell);
  EXPECT_EQ(row.name, put.name);
  EXPECT_EQ(row.outcome, put.outcome);
  EXPECT_EQ(row.raw, put.raw);
  EXPECT_EQ(row.message, put.message);
  EXPECT_EQ(row.seconds, put.seconds);
  EXPECT_EQ(row.boot, put.boot);
  EXPECT_EQ(row.first_line, put.first_line);
  EXPECT_EQ(row.last_line, put.last_line);
  EXPECT_EQ(row.output, put.output);
  EXPECT_EQ(row.argv, put.argv);
}

TEST_F(StoreTest, KeepsEveryColumnOfAnIncident) {
  const IncidentRow put = some_incident(add_cell(store_));
  const std::int64_t id = store_.add_incident(put).value();
  const auto rows = store_.incidents(RunId{1}).value();
  ASSERT_EQ(rows.size(), 1U);
  const IncidentRow& row = rows[0];
  EXPECT_EQ(row.id, id);
  EXPECT_EQ(row.cell, put.cell);
  EXPECT_EQ(row.case_name, put.case_name);
  EXPECT_EQ(row.kind, put.kind);
  EXPECT_EQ(row.title, put.title);
  EXPECT_EQ(row.text, put.text);
  EXPECT_EQ(row.boot, put.boot);
  EXPECT_EQ(row.first_line, put.first_line);
  EXPECT_EQ(row.cfi_caller, put.cfi_caller);
  EXPECT_EQ(row.cfi_target, put.cfi_target);
  EXPECT_EQ(row.cfi_expected_type, put.cfi_expected_type);
  EXPECT_EQ(row.ignored, put.ignored);
}

TEST_F(StoreTest, ListsRunsNewestFirst) {
  EXPECT_TRUE(store_.runs().value().empty());
  const RunId first = store_.add_run(some_run()).value();
  const RunId second = store_.add_run(some_run()).value();
  const auto runs = store_.runs().value();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].id, second);
  EXPECT_EQ(runs[1].id, first);
  EXPECT_EQ(store_.latest_run().value().id, second);
}

TEST_F(StoreTest, TellsExperimentsOfOneTextButDifferentFilesApart) {
  RunRow run = some_run();
  ASSERT_TRUE(store_.add_run(run));
  run.experiment_file = "elsewhere.yaml";
  ASSERT_TRUE(store_.add_run(run));
  const auto runs = store_.runs().value();
  EXPECT_EQ(runs[0].experiment_file, "elsewhere.yaml");
  EXPECT_EQ(runs[1].experiment_file, "matrices/quickstart.yaml");
}

TEST_F(StoreTest, ComputesTheDigestOfAnExperimentWithoutOne) {
  RunRow run = some_run();
  run.experiment_digest.clear();
  const RunId id = store_.add_run(run).value();
  EXPECT_EQ(store_.run(id).value().experiment_digest, support::digest_of(run.experiment_text).hex);
}

TEST_F(StoreTest, FinishesARun) {
  const RunId id = store_.add_run(some_run()).value();
  ASSERT_TRUE(store_.finish_run(id, "done", "2026-01-31T12:15:00Z"));
  EXPECT_EQ(store_.run(id).value().state, "done");
  EXPECT_EQ(store_.run(id).value().finished, "2026-01-31T12:15:00Z");
}

TEST_F(StoreTest, KeepsSelftestsAsTheRunBuiltThem) {
  const KernelRow kernel = some_kernel(store_.add_run(some_run()).value());
  SelftestsRow row{
      kernel.run, store_.put_kernel(kernel).value(), "", "bpf", "failed", "no clang", "/log", 3};
  ASSERT_TRUE(store_.put_selftests(row));
  row = {row.run, row.kernel, "", "bpf", "built", "", "", 900};
  ASSERT_TRUE(store_.put_selftests(row));
  row.state = "cached";
  row.seconds = 1;
  ASSERT_TRUE(store_.put_selftests(row));
  const auto found = store_.selftests(kernel.run).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kernel_name, kernel.name);
  EXPECT_EQ(found[0].suite, "bpf");
  EXPECT_EQ(found[0].state, "built");
  EXPECT_EQ(found[0].first_error, "");
  EXPECT_EQ(found[0].seconds, 900);
  const auto times = store_.selftests_times(some_run().host).value();
  ASSERT_EQ(times.size(), 1U);
  EXPECT_EQ(times[0].name, kernel.name);
  EXPECT_EQ(times[0].suite, "bpf");
  row.state = "odd";
  EXPECT_FALSE(store_.put_selftests(row));
  row.kernel = 4711;
  EXPECT_FALSE(store_.put_selftests(row));
}

TEST_F(StoreTest, KnowsTheExitCodeOfARunUntilItRunsAgain) {
  const RunId id = store_.add_run(some_run()).value();
  ASSERT_TRUE(store_.finish_run(id, "done", "2026-01-31T12:15:00Z"));
  EXPECT_EQ(store_.run(id).value().exit_code, -1);
  ASSERT_TRUE(store_.set_exit_code(id, 69));
  EXPECT_EQ(store_.run(id).value().exit_code, 69);
  EXPECT_EQ(store_.runs().value().at(0).exit_code, 69);
  EXPECT_FALSE(store_.set_exit_code(id, 256));
  ASSERT_TRUE(store_.resume_run(id));
  EXPECT_EQ(store_.run(id).value().exit_code, -1);
}

TEST_F(StoreTest, AskingForARunThatIsNotThereIsAnInputError) {
  const auto none = store_.latest_run();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::input);
  expect_mentions(none.error(), "no runs yet");
  const auto run = store_.run(RunId{7});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::input);
  expect_mentions(run.error(), "no run 7");
  const auto finished = store_.finish_run(RunId{7}, "done", "");
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, ErrorKind::input);
}

TEST_F(StoreTest, PuttingAKernelAgainReplacesItAndKeepsItsCellsAndCases) {
  const std::int64_t cell = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(cell, "a")));
  KernelRow kernel = some_kernel(RunId{1});
  kernel.state = "failed";
  kernel.first_error = "drivers/x.c:1:2: error: no";
  kernel.config_text = "# CONFIG_CFI_CLANG is not set\n";
  ASSERT_TRUE(store_.put_kernel(kernel));
  const auto kernels = store_.kernels(RunId{1}).value();
  ASSERT_EQ(kernels.size(), 1U);
  EXPECT_EQ(kernels[0].state, "failed");
  EXPECT_EQ(kernels[0].first_error, kernel.first_error);
  EXPECT_EQ(kernels[0].config_text, kernel.config_text);
  EXPECT_EQ(store_.cells(RunId{1}).value().size(), 1U);
  EXPECT_EQ(store_.cases(RunId{1}).value().size(), 1U);
}

TEST_F(StoreTest, PuttingACellAgainReplacesItAndKeepsItsCasesAndIncidents) {
  const std::int64_t id = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(id, "a")));
  ASSERT_TRUE(store_.add_incident(some_incident(id)));
  CellRow cell = store_.cells(RunId{1}).value().at(0);
  cell.state = "interrupted";
  cell.expect_unavailable = false;
  EXPECT_EQ(store_.put_cell(cell).value(), id);
  const auto cells = store_.cells(RunId{1}).value();
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells[0].state, "interrupted");
  EXPECT_FALSE(cells[0].expect_unavailable);
  EXPECT_EQ(store_.cases(RunId{1}).value().size(), 1U);
  EXPECT_EQ(store_.incidents(RunId{1}).value().size(), 1U);
}

TEST_F(StoreTest, APlannedCaseIsMissingUntilItHasAnOutcome) {
  const std::int64_t cell = add_cell(store_);
  ASSERT_TRUE(store_.plan_cases(cell, {"b", "a"}));
  auto cases = store_.cases(RunId{1}).value();
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].name, "b");
  EXPECT_EQ(cases[0].outcome, "missing");
  const std::int64_t planned = cases[0].id;
  EXPECT_EQ(store_.put_case(some_case(cell, "b")).value(), planned);
  ASSERT_TRUE(store_.plan_cases(cell, {"a", "b", "c"}));
  cases = store_.cases(RunId{1}).value();
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases[0].outcome, "passed");
  EXPECT_EQ(cases[1].outcome, "missing");
  EXPECT_EQ(cases[2].name, "c");
}

TEST_F(StoreTest, ListsCasesInTheOrderOfCellsThenOfCases) {
  const std::int64_t first = add_cell(store_);
  CellRow other = store_.cells(RunId{1}).value().at(0);
  other.name = "another";
  const std::int64_t second = store_.put_cell(other).value();
  ASSERT_TRUE(store_.put_case(some_case(second, "a")));
  ASSERT_TRUE(store_.put_case(some_case(first, "z")));
  ASSERT_TRUE(store_.put_case(some_case(first, "b")));
  std::string order;
  const auto cases = store_.cases(RunId{1}).value();
  for (const auto& row : cases) order += row.name;
  EXPECT_EQ(order, "zba");
}

TEST_F(StoreTest, ARunSeesItsOwnRowsOnly) {
  const std::int64_t first = add_cell(store_);
  const std::int64_t second = add_cell(store_);
  ASSERT_TRUE(store_.put_case(some_case(first, "of the first")));
  ASSERT_TRUE(store_.put_case(some_case(second, "of the second")));
  const auto cases = store_.cases(RunId{2}).value();
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].name, "of the second");
  EXPECT_EQ(store_.kernels(RunId{2}).value().size(), 1U);
  EXPECT_EQ(store_.cells(RunId{2}).value().size(), 1U);
}

TEST_F(StoreTest, ARunIsClaimedBeforeAnybodySeesIt) {
  RunId claimed;
  const RunId id = store_
                       .add_run(some_run(),
                                [&](RunId run) -> Status {
                                  claimed = run;
                                  return {};
                                })
                       .value();
  EXPECT_EQ(claimed, id);
  EXPECT_FALSE(store_.add_run(some_run(),
                              [](RunId) -> Status { return support::infrastructure_error("no"); }));
  EXPECT_EQ(store_.runs().value().size(), 1U);
}

TEST_F(StoreTest, ARunThatHadEndedRunsAgain) {
  const RunId id = store_.add_run(some_run()).value();
  ASSERT_TRUE(store_.finish_run(id, "interrupted", "2026-01-31T12:10:00Z"));
  ASSERT_TRUE(store_.resume_run(id));
  EXPECT_EQ(store_.run(id).value().state, "running");
  EXPECT_EQ(store_.run(id).value().finished, "");
}

std::string words_of(const std::vector<CaseRow>& cases) {
  std::string words;
  for (const auto& row : cases) words += row.name + "=" + row.outcome + " ";
  return words;
}

TEST_F(StoreTest, ACellThatWasCutKeepsItsOutcomesAndTheirIncidents) {
  const std::int64_t cell = add_cell(store_);
  ASSERT_TRUE(store_.plan_cases(cell, {"a", "b", "c"}));
  ASSERT_TRUE(store_.put_case(some_case(cell, "a", "crashed")));
  ASSERT_TRUE(store_.put_case(some_case(cell, "c", "infra_error")));
  for (const auto* name : {"", "a", "b", "c"}) {
    IncidentRow incident = some_incident(cell);
    incident.case_name = name;
    ASSERT_TRUE(store_.add_incident(incident));
  }
  ASSERT_TRUE(store_.restart_cell(cell, false));
  EXPECT_EQ(words_of(store_.cases(RunId{1}).value()), "a=crashed ");
  std::string incidents;
  const auto rows = store_.incidents(RunId{1}).value();
  for (const auto& row : rows) incidents += row.case_name + ";";
  EXPECT_EQ(incidents, ";a;");
  ASSERT_TRUE(store_.restart_cell(cell, true));
  EXPECT_TRUE(store_.cases(RunId{1}).value().empty());
  EXPECT_TRUE(store_.incidents(RunId{1}).value().empty());
}

TEST_F(StoreTest, KeepsWhatWasSpentOnARun) {
  const RunId id = store_.add_run(some_run()).value();
  const EffortRow put{id, "2026-01-31T12:00:00Z", 100.5, 150.25, 2, 90, R"([{"name":"x"}])"};
  ASSERT_TRUE(store_.add_effort(put));
  ASSERT_TRUE(store_.add_effort(put));
  const auto efforts = store_.efforts(id).value();
  ASSERT_EQ(efforts.size(), 2U);
  EXPECT_EQ(efforts[0].run, id);
  EXPECT_EQ(efforts[0].started, put.started);
  EXPECT_EQ(efforts[0].wall_seconds, 100.5);
  EXPECT_EQ(efforts[0].cpu_seconds, 150.25);
  EXPECT_EQ(efforts[0].cores, 2);
  EXPECT_EQ(efforts[0].critical_seconds, 90);
  EXPECT_EQ(efforts[0].critical_path, put.critical_path);
  EXPECT_FALSE(store_.add_effort({id, put.started, -1, 0, 2, 0, ""}));
}

TEST_F(StoreTest, RefusesACellOfAKernelThatIsNotInItsRun) {
  const KernelRow kernel = some_kernel(store_.add_run(some_run()).value());
  const std::int64_t id = store_.put_kernel(kernel).value();
  const RunId another = store_.add_run(some_run()).value();
  CellRow cell = some_cell(kernel, id);
  cell.run = another;
  const auto refused = store_.put_cell(cell);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::infrastructure);
  expect_mentions(refused.error(), "FOREIGN KEY");
}

TEST_F(StoreTest, RefusesRowsWhoseParentIsNotThere) {
  EXPECT_FALSE(store_.put_kernel(some_kernel(RunId{9})));
  EXPECT_FALSE(store_.put_case(some_case(9, "a")));
  EXPECT_FALSE(store_.plan_cases(9, {"a"}));
  EXPECT_FALSE(store_.add_incident(some_incident(9)));
}

TEST_F(StoreTest, RefusesAWordThatIsNotOfTheVocabulary) {
  const std::int64_t cell = add_cell(store_);
  const auto outcome = store_.put_case(some_case(cell, "a", "pass"));
  ASSERT_FALSE(outcome);
  expect_mentions(outcome.error(), "known_outcome");
  KernelRow kernel = some_kernel(RunId{1});
  kernel.state = "done";
  EXPECT_FALSE(store_.put_kernel(kernel));
  CellRow wrong = store_.cells(RunId{1}).value().at(0);
  wrong.state = "passed";
  EXPECT_FALSE(store_.put_cell(wrong));
  IncidentRow incident = some_incident(cell);
  incident.kind = "CFI";
  EXPECT_FALSE(store_.add_incident(incident));
  EXPECT_FALSE(store_.finish_run(RunId{1}, "finished", ""));
  EXPECT_FALSE(store_.finish_run(RunId{1}, "done", "yesterday"));
}

TEST_F(StoreTest, RefusesADurationThatIsNoNumber) {
  CaseRow row = some_case(add_cell(store_), "a");
  row.seconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(store_.put_case(row));
  row.seconds = -1;
  EXPECT_FALSE(store_.put_case(row));
}

TEST_F(StoreTest, TextOfAGuestIsDataAndNothingElse) {
  CaseRow row = some_case(add_cell(store_), "'); DROP TABLE case_result; --");
  row.message = std::string("nul \0 escape \x1b[2J latin \xE9", 25);
  ASSERT_TRUE(store_.put_case(row));
  const CaseRow read = store_.cases(RunId{1}).value().at(0);
  EXPECT_EQ(read.name, row.name);
  EXPECT_EQ(read.message, "nul \xEF\xBF\xBD escape \x1b[2J latin \xEF\xBF\xBD");
}

}  // namespace
}  // namespace kmatrix::store
