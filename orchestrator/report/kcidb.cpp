// SPDX-License-Identifier: GPL-2.0-or-later
//
// KCIDB's own words (kcidb-io, schema v5.0) and ours: a checkout is a tree with a series, a build
// is a kernel, a test is a case in a cell. What KCIDB has no property for is in "misc". Properties
// are left out where we know nothing: null is not allowed there. patchset_hash is a digest of the
// patches' digests in a form that is not ours, so only base has it: "".
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "report/export.h"
#include "report/words.h"
#include "support/digest.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t longest_excerpt = 16384;

/// Text as KCIDB takes it: valid UTF-8 without NUL.
std::string plain(const std::string& text) {
  std::string valid = support::valid_utf8(text);
  for (std::size_t at = 0; (at = valid.find('\0', at)) != std::string::npos; at += 3)
    valid.replace(at, 1, "\xEF\xBF\xBD");
  return valid;
}

void add_text(ordered_json& record, const char* key, const std::string& text) {
  if (!text.empty()) record[key] = plain(text);
}

void add_excerpt(ordered_json& record, const std::string& text) {
  std::string cut = plain(text);
  if (cut.size() > longest_excerpt) {
    std::size_t end = longest_excerpt;
    // Not in the middle of a character.
    while (end > 0 && (static_cast<unsigned char>(cut[end]) & 0xC0) == 0x80) --end;
    cut.resize(end);
  }
  add_text(record, "log_excerpt", cut);
}

/// "v6.12/fork.tc" -> "v6_12.fork_tc": the parts of a path are of [a-zA-Z0-9_-].
std::string path_of(const std::string& suite, const std::string& name) {
  std::string path;
  for (const char each : support::join({suite, name}, "/")) {
    const bool allowed = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                         (each >= '0' && each <= '9') || each == '-';
    if (each != '/')
      path += allowed ? each : '_';
    else if (!path.empty() && path.back() != '.')
      path += '.';
  }
  while (!path.empty() && path.back() == '.') path.pop_back();
  return path;
}

/// The 40 digits of a commit in "... (0123...)".
std::optional<std::string> commit_in(const std::string& text) {
  constexpr std::size_t length = 40;
  const std::string digits = "0123456789abcdef";
  for (std::size_t at = 0; (at = text.find_first_of(digits, at)) != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(digits, at), text.size());
    if (end - at == length) return text.substr(at, length);
    at = end;
  }
  return std::nullopt;
}

const char* status_of(const std::string& word) {
  if (word == "passed" || word == "done" || word == "built" || word == "cached") return "PASS";
  if (word == "failed" || word == "crashed") return "FAIL";
  if (word == "skipped" || word == "xfailed" || word == "unavailable") return "SKIP";
  if (word == "unresolved" || word == "timed_out") return "ERROR";
  return "MISS";
}

class Submission {
 public:
  Submission(const StoredRun& run, const std::string& origin) : run_(run), origin_(origin) {}

  ordered_json whole() {
    for (const auto& kernel : run_.kernels) add_kernel(kernel);
    auto cases = by_cell(run_.cases);
    for (const auto& cell : run_.cells) add_cell(cell, cases[cell.id]);
    for (const auto& incident : run_.incidents) add_incident(incident);
    ordered_json document = {{"version", {{"major", 5}, {"minor", 0}}}};
    document["checkouts"] = std::move(checkouts_);
    document["builds"] = std::move(builds_);
    document["tests"] = std::move(tests_);
    document["issues"] = std::move(issues_);
    document["incidents"] = std::move(incidents_);
    return document;
  }

 private:
  /// "origin:host/2026-01-31T12:00:00Z/3/tree/series"
  std::string id(const std::string& of) const {
    return plain(fmt::format("{}:{}/{}/{}/{}", origin_, run_.run.host, run_.run.started,
                             run_.run.id.value, of));
  }

  std::string checkout_of(const store::KernelRow& kernel) {
    const std::string checkout = id(kernel.tree + "/" + kernel.series);
    if (!checkouts_known_.insert(checkout).second) return checkout;
    ordered_json record = {{"id", checkout}, {"origin", origin_}};
    add_text(record, "tree_name", kernel.tree);
    if (const auto commit = commit_in(kernel.tree_description)) record["git_commit_hash"] = *commit;
    if (kernel.series_digest.empty()) record["patchset_hash"] = "";
    add_text(record, "comment", kernel.tree_description);
    record["start_time"] = run_.run.started;
    record["valid"] = true;
    record["misc"] = {{"tree_digest", text_or_null(kernel.tree_digest)},
                      {"series", text_or_null(kernel.series)},
                      {"series_description", text_or_null(kernel.series_description)},
                      {"series_digest", text_or_null(kernel.series_digest)}};
    checkouts_.push_back(std::move(record));
    return checkout;
  }

  void add_kernel(const store::KernelRow& kernel) {
    ordered_json record = {{"checkout_id", checkout_of(kernel)}};
    record["id"] = build_ids_[kernel.id] = id(kernel.name);
    record["origin"] = origin_;
    add_text(record, "comment", kernel.name);
    record["start_time"] = run_.run.started;
    record["duration"] = kernel.seconds;
    add_text(record, "architecture", kernel.arch);
    add_text(record, "compiler", line_of(kernel.compiler));
    add_text(record, "config_name", kernel.config);
    add_excerpt(record, kernel.first_error);
    record["status"] = status_of(kernel.state);
    record["misc"] = {{"state", text_or_null(kernel.state)},
                      {"release", text_or_null(kernel.release)},
                      {"kernel_key", text_or_null(kernel.kernel_key)},
                      {"recipe_key", text_or_null(kernel.recipe_key)},
                      {"signature", text_or_null(kernel.signature)}};
    builds_.push_back(std::move(record));
  }

  void add_cell(const store::CellRow& cell, const std::vector<const store::CaseRow*>& cases) {
    for (const auto* each : cases) add_test(cell, *each);
    store::CaseRow whole;
    whole.outcome = cell.state;
    whole.message = cell.reason;
    whole.seconds = cell.seconds;
    if (cases.empty()) add_test(cell, whole);
  }

  void add_test(const store::CellRow& cell, const store::CaseRow& row) {
    const bool by_cell = said_by_cell(cell, row);
    const std::string& word = by_cell ? cell.state : row.outcome;
    ordered_json record = {{"build_id", build_ids_[cell.kernel]}};
    record["id"] = test_ids_[{cell.id, row.name}] = id(cell.name + ":" + row.name);
    record["origin"] = origin_;
    record["environment"] = {{"comment", plain(cell.machine)},
                             {"misc", {{"accel", text_or_null(cell.accel)}}}};
    record["path"] = path_of(cell.suite, row.name);
    add_text(record, "comment", row.name.empty() ? cell.suite : row.name);
    add_excerpt(record, by_cell ? cell.reason : row.message);
    record["status"] = status_of(word);
    record["duration"] = row.seconds;
    record["misc"] = {{"cell", text_or_null(cell.name)},
                      {"outcome", text_or_null(word)},
                      {"raw", text_or_null(row.raw)},
                      {"reused_run", number_or_null(cell.reused_run.value)}};
    tests_.push_back(std::move(record));
  }

  std::string issue_of(const store::IncidentRow& incident) {
    const auto digest = support::digest_of(incident.kind + "\n" + incident.title);
    const std::string issue = fmt::format("{}:{}", origin_, digest.hex);
    if (!issues_known_.insert(issue).second) return issue;
    ordered_json record = {{"id", issue}, {"version", 1}, {"origin", origin_}};
    add_text(record, "report_subject", incident.title);
    add_text(record, "comment", incident.kind + ": " + incident.title);
    issues_.push_back(std::move(record));
    return issue;
  }

  void add_incident(const store::IncidentRow& incident) {
    const auto cell = std::find_if(run_.cells.begin(), run_.cells.end(),
                                   [&](const auto& each) { return each.id == incident.cell; });
    if (cell == run_.cells.end()) return;
    ordered_json record = {
        {"id", id(fmt::format("{}:incident-{}", cell->name, incidents_.size() + 1))},
        {"origin", origin_},
        {"issue_id", issue_of(incident)},
        {"issue_version", 1}};
    const auto test = test_ids_.find({incident.cell, incident.case_name});
    if (test != test_ids_.end())
      record["test_id"] = test->second;
    else
      record["build_id"] = build_ids_[cell->kernel];
    record["present"] = true;
    add_text(record, "comment", incident.text);
    record["misc"] = {{"cell", text_or_null(cell->name)},
                      {"ignored", text_or_null(incident.ignored)}};
    incidents_.push_back(std::move(record));
  }

  const StoredRun& run_;
  const std::string origin_;
  std::map<std::int64_t, std::string> build_ids_;
  std::map<std::pair<std::int64_t, std::string>, std::string> test_ids_;
  std::set<std::string> checkouts_known_, issues_known_;
  ordered_json checkouts_ = ordered_json::array(), builds_ = ordered_json::array(),
               tests_ = ordered_json::array(), issues_ = ordered_json::array(),
               incidents_ = ordered_json::array();
};

}  // namespace

ordered_json kcidb_json(const StoredRun& run, const std::string& origin) {
  return Submission(run, origin).whole();
}

}  // namespace kmatrix::report
