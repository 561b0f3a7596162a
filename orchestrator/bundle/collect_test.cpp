// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/collect.h"

#include <gtest/gtest.h>

#include "support/file.h"

namespace kmatrix::bundle {
namespace {

class CollectTest : public testing::Test {
 protected:
  CollectTest() : folder_(*support::TempFolder::create(testing::TempDir(), "collect")) {
    stored_.run.id.value = 3;
    stored_.cell.state = "done";
    stored_.cell.folder = folder_.path().string();
  }
  store::CaseRow& add(const std::string& name, const std::string& outcome, int boot) {
    store::CaseRow row;
    row.id = static_cast<std::int64_t>(stored_.cases.size()) + 1;
    row.name = name;
    row.outcome = outcome;
    row.boot = boot;
    stored_.cases.push_back(row);
    return stored_.cases.back();
  }
  std::string write(const std::string& name, const std::string& text) const {
    const auto file = folder_.path() / name;
    EXPECT_TRUE(support::write_file(file, text));
    return file.string();
  }
  static bool belongs(const std::string& row, const std::string& process) {
    return row == process || row.starts_with(process + "/");
  }
  std::vector<std::string> before(const std::string& name) const {
    return ran_before(stored_, name, belongs);
  }
  Bundle evidence() const {
    Bundle bundle;
    bundle.manifest = records_of(stored_);
    add_evidence(stored_, {{folder_.path().string(), "RUNS"}}, bundle);
    return bundle;
  }

  support::TempFolder folder_;
  StoredCell stored_;
};

using Names = std::vector<std::string>;

TEST_F(CollectTest, TheCasesBeforeOneAreThoseOfItsBoot) {
  add("a", "passed", 1);
  add("b", "crashed", 1);
  add("c", "passed", 2);
  add("d", "failed", 2);
  add("e", "passed", 2);
  add("c/one", "passed", 2);
  add("d/one", "failed", 2);
  add("never", "missing", 0);
  EXPECT_EQ(before("a"), Names{});
  EXPECT_EQ(before("b"), Names{"a"});
  EXPECT_EQ(before("d"), Names{"c"});
  EXPECT_EQ(before("never"), Names{});
  EXPECT_EQ(before("nothing"), Names{});
}

TEST_F(CollectTest, FurtherRunsGoWithTheirCase) {
  add("a", "failed", 1);
  add("b", "passed", 1);
  stored_.further = {stored_.cases[0], stored_.cases[0]};
  stored_.further[1].outcome = "passed";
  const auto manifest = records_of(stored_);
  EXPECT_EQ(manifest.cases[0].further, (Names{"failed", "passed"}));
  EXPECT_EQ(manifest.cases[1].further, Names{});
}

TEST_F(CollectTest, WhatWasNotGoodIsThereToRead) {
  add("good", "passed", 1).output = write("good.out", "fine\n");
  add("bad/one", "failed", 2).output = write("bad.out", "in " + folder_.path().string() + "/x\n");
  add("gone", "failed", 3).output = "/nowhere";
  write("console-1.log", "one\n");
  write("console-2.log", "two\n");
  stored_.kernel.config_text = "CONFIG_A=y\n";
  store::IncidentRow incident;
  incident.case_name = "bad/one";
  incident.kind = "warning";
  incident.text = "WARNING: at f";
  incident.boot = 2;
  stored_.incidents.push_back(incident);
  const auto bundle = evidence();
  Names names;
  for (const auto& [name, member] : bundle.files) names.push_back(name);
  EXPECT_EQ(names, (Names{"config", "consoles/console-2.log", "incidents/0001-warning.txt",
                          "outputs/0002-bad-one.txt"}));
  EXPECT_EQ(bundle.files.at("outputs/0002-bad-one.txt").content, "in RUNS/x\n");
  EXPECT_EQ(bundle.manifest.cases[0].output, "");
  EXPECT_EQ(bundle.manifest.cases[1].output, "outputs/0002-bad-one.txt");
  EXPECT_EQ(bundle.manifest.incidents[0].text, "incidents/0001-warning.txt");
}

TEST_F(CollectTest, OfALongOutputTheEndTravelsFromTheStartOfALine) {
  std::string text;
  while (text.size() < 200'000) text += "0123456789\n";
  add("bad", "failed", 1).output = write("bad.out", text);
  const auto kept = evidence().files.at("outputs/0001-bad.txt").content;
  EXPECT_TRUE(kept.starts_with("[...]\n0123456789\n"));
  EXPECT_LE(kept.size(), 64u * 1024 + 6);
  EXPECT_GT(kept.size(), 64u * 1024 - 20);
}

}  // namespace
}  // namespace kmatrix::bundle
