// SPDX-License-Identifier: GPL-2.0-or-later
//
// KCIDB's schema v5.0 as its documentation has it, for the properties that we may send: every one
// that an object may have, with what its value must be. Nothing may be null, and no property may be
// there that is not named.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>

#include "report/export.h"
#include "report/fixture.h"

namespace kmatrix::report {
namespace {

using nlohmann::ordered_json;

bool is_text(const ordered_json& value) {
  return value.is_string() && value.get<std::string>().find('\0') == std::string::npos;
}

bool is_of(const ordered_json& value, const std::string& characters) {
  return is_text(value) &&
         value.get<std::string>().find_first_not_of(characters) == std::string::npos;
}

const std::string small = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool is_id(const ordered_json& value) {
  if (!is_text(value)) return false;
  const auto text = value.get<std::string>();
  const auto colon = text.find(':');
  return colon != std::string::npos && colon > 0 && is_of(text.substr(0, colon), small);
}

bool is_path(const ordered_json& value) {
  if (!is_of(value, small + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-.")) return false;
  const auto text = value.get<std::string>();
  return text.find("..") == std::string::npos && text.substr(0, 1) != "." &&
         (text.empty() || text.back() != '.');
}

bool is_status(const ordered_json& value) {
  static const std::set<std::string> words = {"FAIL", "ERROR", "MISS", "PASS", "DONE", "SKIP"};
  return value.is_string() && words.count(value.get<std::string>()) == 1;
}

bool is_time(const ordered_json& value) {
  return is_text(value) && value.get<std::string>().size() == 20 &&
         value.get<std::string>().back() == 'Z';
}

bool is_excerpt(const ordered_json& value) {
  return is_text(value) && value.get<std::string>().size() <= 16384;
}

bool is_environment(const ordered_json& value) {
  if (!value.is_object()) return false;
  for (const auto& [key, each] : value.items())
    if (!(key == "comment" ? is_text(each) : key == "misc" && each.is_object())) return false;
  return true;
}

using Check = bool (*)(const ordered_json&);
struct Kind {
  std::map<std::string, Check> properties;
  std::set<std::string> required;
};

bool is_origin(const ordered_json& value) {
  return is_of(value, small) && !value.get<std::string>().empty();
}
bool is_architecture(const ordered_json& value) { return is_of(value, small); }
bool is_number(const ordered_json& value) { return value.is_number(); }
bool is_count(const ordered_json& value) { return value.is_number_integer() && value >= 0; }
bool is_flag(const ordered_json& value) { return value.is_boolean(); }
bool is_object(const ordered_json& value) { return value.is_object(); }
bool is_commit(const ordered_json& value) {
  return is_of(value, "0123456789abcdef") && value.get<std::string>().size() == 40;
}
bool is_patchset(const ordered_json& value) {
  return is_of(value, "0123456789abcdef") &&
         (value.get<std::string>().empty() || value.get<std::string>().size() == 64);
}

const std::map<std::string, Kind> kinds = {{"checkouts",
                                            {{{"id", is_id},
                                              {"origin", is_origin},
                                              {"tree_name", is_text},
                                              {"git_commit_hash", is_commit},
                                              {"git_commit_name", is_text},
                                              {"patchset_hash", is_patchset},
                                              {"comment", is_text},
                                              {"start_time", is_time},
                                              {"valid", is_flag},
                                              {"misc", is_object}},
                                             {"id", "origin"}}},
                                           {"builds",
                                            {{{"checkout_id", is_id},
                                              {"id", is_id},
                                              {"origin", is_origin},
                                              {"comment", is_text},
                                              {"start_time", is_time},
                                              {"duration", is_number},
                                              {"architecture", is_architecture},
                                              {"compiler", is_text},
                                              {"config_name", is_text},
                                              {"log_excerpt", is_excerpt},
                                              {"status", is_status},
                                              {"misc", is_object}},
                                             {"checkout_id", "id", "origin"}}},
                                           {"tests",
                                            {{{"build_id", is_id},
                                              {"id", is_id},
                                              {"origin", is_origin},
                                              {"environment", is_environment},
                                              {"path", is_path},
                                              {"comment", is_text},
                                              {"log_excerpt", is_excerpt},
                                              {"status", is_status},
                                              {"start_time", is_time},
                                              {"duration", is_number},
                                              {"misc", is_object}},
                                             {"build_id", "id", "origin"}}},
                                           {"issues",
                                            {{{"id", is_id},
                                              {"version", is_count},
                                              {"origin", is_origin},
                                              {"report_subject", is_text},
                                              {"comment", is_text},
                                              {"misc", is_object}},
                                             {"id", "version", "origin"}}},
                                           {"incidents",
                                            {{{"id", is_id},
                                              {"origin", is_origin},
                                              {"issue_id", is_id},
                                              {"issue_version", is_count},
                                              {"build_id", is_id},
                                              {"test_id", is_id},
                                              {"present", is_flag},
                                              {"comment", is_text},
                                              {"misc", is_object}},
                                             {"id", "origin", "issue_id", "issue_version"}}}};

/// The document, which must be valid, and whose links must lead somewhere.
ordered_json checked(const StoredRun& run) {
  // As others read it.
  const auto document = ordered_json::parse(kcidb_json(run, "kmatrix").dump());
  EXPECT_EQ(document["version"].dump(), R"({"major":5,"minor":0})");
  std::set<std::string> ids;
  for (const auto& [list, kind] : kinds) {
    for (const auto& object : document.at(list)) {
      for (const auto& name : kind.required) EXPECT_TRUE(object.contains(name)) << list << name;
      for (const auto& [key, value] : object.items()) {
        const auto check = kind.properties.find(key);
        EXPECT_TRUE(check != kind.properties.end() && check->second(value))
            << list << ": " << key << ": " << value;
      }
      EXPECT_TRUE(ids.insert(list + object["id"].get<std::string>()).second) << object["id"];
    }
  }
  EXPECT_EQ(document.size(), kinds.size() + 1);
  for (const auto& [list, link, to] :
       {std::tuple("builds", "checkout_id", "checkouts"), std::tuple("tests", "build_id", "builds"),
        std::tuple("incidents", "issue_id", "issues"), std::tuple("incidents", "test_id", "tests")})
    for (const auto& object : document.at(list)) {
      if (!object.contains(link)) continue;
      EXPECT_EQ(ids.count(to + object[link].get<std::string>()), 1U) << object[link];
    }
  return document;
}

/// Each cell with the kernel of its series.
StoredRun joined(RunBuilder run) {
  for (auto& cell : run.whole().cells)
    for (const auto& kernel : run.whole().kernels)
      if (kernel.series == cell.series) cell.kernel = kernel.id;
  return run.whole();
}

TEST(Kcidb, IsValidAndSaysWhatBecameOfEachCase) {
  const auto document = checked(joined(quickstart()));
  EXPECT_EQ(document["checkouts"].size(), 2U);
  EXPECT_EQ(document["builds"].size(), 2U);
  ASSERT_EQ(document["tests"].size(), 6U);
  EXPECT_EQ(document["tests"][0]["status"], "SKIP");
  EXPECT_EQ(document["tests"][1]["status"], "PASS");
  EXPECT_EQ(document["tests"][1]["path"], "ftrace-direct.direct.ftrace-direct_tc");
  EXPECT_EQ(document["tests"][1]["comment"], "direct/ftrace-direct.tc");
  EXPECT_EQ(document["checkouts"][0]["patchset_hash"], "");
}

TEST(Kcidb, IsValidWhateverWentWrong) {
  const auto document = checked(joined(bad_run()));
  EXPECT_EQ(document["builds"][1]["status"], "FAIL");
  ASSERT_EQ(document["incidents"].size(), 1U);
  EXPECT_TRUE(document["incidents"][0].contains("test_id"));
  std::string statuses;
  for (const auto& test : document["tests"]) statuses += test["status"].get<std::string>() + " ";
  EXPECT_EQ(statuses, "PASS FAIL MISS SKIP MISS ");
}

TEST(Kcidb, IsValidWithHostileText) {
  auto run = joined(bad_run());
  const std::string hostile("/a..\xFF\x01\0\"\xC3\xA9#/", 13);
  run.cases[0].name = run.cases[0].message = run.cells[0].suite = hostile;
  run.cases[1].message = std::string(16383, 'x') + "\xC3\xA9";
  run.kernels[0].tree_description = "x (" + std::string(40, 'a') + ")";
  run.incidents[0].title = run.run.host = hostile;
  const auto document = checked(run);
  EXPECT_EQ(document["checkouts"][0]["git_commit_hash"], std::string(40, 'a'));
  EXPECT_EQ(document["tests"][1]["log_excerpt"].get<std::string>().size(), 16383U);
}

}  // namespace
}  // namespace kmatrix::report
