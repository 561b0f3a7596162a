// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plan/outcome.h"
#include "report/fixture.h"
#include "report/words.h"
#include "store/fixture.h"

namespace kmatrix::report {
namespace {

TEST(Runs, AreALineEach) {
  store::RunRow old = quickstart().whole().run;
  store::RunRow running = old;
  running.id.value = 12;
  running.state = "running";
  running.finished = "";
  old.exit_code = 0;
  store::RunRow bad = old;
  bad.exit_code = 1;
  EXPECT_EQ(runs_text({running, bad, old}),
            "run  experiment  started               took         state    results   host\n"
            "12   quickstart  2026-01-31T12:00:00Z  -            running  -         builder\n"
            "3    quickstart  2026-01-31T12:00:00Z  15 min 02 s  done     not good  builder\n"
            "3    quickstart  2026-01-31T12:00:00Z  15 min 02 s  done     good      builder\n");
  bad.exit_code = 69;
  EXPECT_EQ(results_of(bad).text, "failed through us");
  bad.state = "interrupted";
  EXPECT_EQ(results_of(bad).text, "-");
}

TEST(Runs, SayThatThereAreNone) { EXPECT_EQ(runs_text({}), "no runs yet\n"); }

TEST(Runs, AreARecordWithAListInJson) {
  EXPECT_EQ(runs_json({}).dump(), R"({"runs":[]})");
  store::RunRow run = quickstart().whole().run;
  run.finished = "";
  EXPECT_EQ(
      runs_json({run}).dump(),
      R"({"runs":[{"id":3,"experiment":"quickstart",)"
      R"("experiment_file":"matrices/quickstart.yaml","experiment_digest":null,)"
      R"("rerun_of":null,"replay_of":null,"state":"done","exit_code":null,"started":"2026-01-31T12:00:00Z",)"
      R"("finished":null,"seconds":null,)"
      R"("host":"builder","kmatrix_version":"0.1.0","folder":"/state/results.runs/3","overrides":[]}]})");
}

TEST(ReadRun, TakesAllThatTheStoreHasOfIt) {
  auto store = store::Store::open(":memory:").value();
  const std::int64_t cell = store::add_cell(store);
  ASSERT_TRUE(store.put_case(store::some_case(cell, "a")));
  ASSERT_TRUE(store.add_incident(store::some_incident(cell)));
  const StoredRun run = read_run(store, store::RunId{1}).value();
  EXPECT_EQ(run.run.experiment, "quickstart");
  EXPECT_EQ(run.kernels.size(), 1U);
  EXPECT_EQ(run.cells.size(), 1U);
  EXPECT_EQ(run.cases.size(), 1U);
  EXPECT_EQ(run.incidents.size(), 1U);
  EXPECT_FALSE(read_run(store, store::RunId{2}));
}

TEST(ReadRun, TheStoreTakesEveryOutcomeAndStateOfThePlan) {
  auto store = store::Store::open(":memory:").value();
  const std::int64_t cell = store::add_cell(store);
  for (int i = 0; i <= static_cast<int>(plan::Outcome::infra_error); ++i) {
    const std::string word = plan::to_string(static_cast<plan::Outcome>(i));
    EXPECT_TRUE(store.put_case(store::some_case(cell, word, word))) << word;
  }
  auto row = store.cells(store::RunId{1}).value().at(0);
  for (int i = 0; i <= static_cast<int>(plan::CellState::interrupted); ++i) {
    row.state = plan::to_string(static_cast<plan::CellState>(i));
    EXPECT_TRUE(store.put_cell(row)) << row.state;
  }
}

}  // namespace
}  // namespace kmatrix::report
