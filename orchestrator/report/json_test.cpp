// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fixture.h"

namespace kmatrix::report {
namespace {

TEST(ShowJson, HasCasesAndIncidentsInTheirCells) {
  auto run = bad_run();
  run.whole().cases[0].argv = R"(["sh","a.tc"])";
  const auto document = show_json(run.whole());
  EXPECT_EQ(document["run"]["id"], 3);
  EXPECT_EQ(document["run"]["seconds"], 902);
  EXPECT_EQ(document["good"], false);
  EXPECT_EQ(document["kernels"].size(), 2U);
  EXPECT_EQ(document["kernels"][1]["state"], "failed");
  EXPECT_EQ(document["cells"].size(), 3U);
  const auto& cell = document["cells"][0];
  EXPECT_EQ(cell["counts"].dump(), R"({"passed":1,"crashed":1,"missing":1})");
  EXPECT_EQ(cell["cases"].size(), 3U);
  EXPECT_EQ(cell["cases"][0]["argv"].dump(), R"(["sh","a.tc"])");
  EXPECT_EQ(cell["incidents"][0]["case"], "direct/b.tc");
  EXPECT_EQ(cell["incidents"][0]["first_line"], 317);
  EXPECT_EQ(document["cells"][1]["reason"], "SAMPLES is not set");
}

TEST(ShowJson, TellsOfTheMachine) {
  auto run = quickstart();
  run.whole().cells[1].accel = "tcg";
  run.whole().cells[1].slowness = 2.5;
  const auto document = show_json(run.whole());
  EXPECT_EQ(document["cells"][1]["accel"], "tcg");
  EXPECT_EQ(document["cells"][1]["slowness"], 2.5);
  EXPECT_TRUE(document["cells"][1]["accel_reason"].is_null());
  EXPECT_TRUE(document["cells"][0]["slowness"].is_null());
}

TEST(ShowJson, HasNullWhereThereIsNothing) {
  const auto document = show_json(bad_run().whole());
  const auto& result = document["cells"][0]["cases"][0];
  for (const char* field : {"raw", "message", "first_line", "output", "argv"}) {
    ASSERT_TRUE(result.contains(field)) << field;
    EXPECT_TRUE(result[field].is_null()) << field;
  }
  EXPECT_TRUE(document["kernels"][0]["first_error"].is_null());
}

TEST(ShowJson, CanHoldWhatAGuestMaySay) {
  auto run = quickstart();
  run.whole().cases[0].message = "\xFF\x1b[2J \xC3";
  const std::string text = show_json(run.whole()).dump();
  EXPECT_NE(text.find("\xEF\xBF\xBD\\u001b[2J \xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace kmatrix::report
