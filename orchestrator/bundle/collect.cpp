// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/words.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::bundle {

namespace fs = std::filesystem;

namespace {

// Of outputs and consoles the end alone, where the trouble is: a bundle goes by mail.
constexpr std::size_t most_output = std::size_t(64) << 10;
constexpr std::size_t most_console = std::size_t(256) << 10;
constexpr std::size_t most_texts = 100;

KernelRecord record_of(const store::KernelRow& row) {
  KernelRecord kernel;
  kernel.name = row.name;
  kernel.tree = row.tree;
  kernel.series = row.series;
  kernel.config = row.config;
  kernel.arch = row.arch;
  kernel.tree_description = row.tree_description;
  kernel.tree_digest = row.tree_digest;
  kernel.series_description = row.series_description;
  kernel.series_digest = row.series_digest;
  kernel.compiler = row.compiler;
  kernel.recipe_key = row.recipe_key;
  kernel.kernel_key = row.kernel_key;
  kernel.signature = row.signature;
  kernel.release = row.release;
  kernel.state = row.state;
  kernel.first_error = row.first_error;
  return kernel;
}

CellRecord record_of(const store::CellRow& row, const plan::CellParts& inputs) {
  CellRecord cell;
  cell.name = row.name;
  cell.machine = row.machine;
  cell.suite = row.suite;
  cell.state = row.state;
  cell.reason = row.reason;
  cell.command_line = row.command_line;
  cell.accel = row.accel;
  cell.key = row.cell_key;
  cell.slowness = row.slowness;
  cell.boot_seconds = row.boot_seconds;
  cell.inputs = inputs;
  return cell;
}

CaseRecord record_of(const store::CaseRow& row) {
  CaseRecord one;
  one.name = row.name;
  one.outcome = row.outcome;
  one.raw = row.raw;
  one.message = row.message;
  one.error = row.error;
  one.seconds = row.seconds;
  return one;
}

/// The end of a file, from the beginning of a line; "" if it cannot be read.
std::string end_of(const fs::path& file, std::size_t most) {
  auto text = support::read_file(file);
  if (!text || text->size() <= most) return text.value_or("");
  const auto line = text->find('\n', text->size() - most);
  return "[...]\n" + (line == std::string::npos ? "" : text->substr(line + 1));
}

std::string without(std::string text, const std::vector<Hidden>& hidden) {
  for (const auto& [folder, word] : hidden) {
    if (folder.size() < 2) continue;
    for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos; at += word.size())
      text.replace(at, folder.size(), word);
  }
  return text;
}

std::string slug_of(const std::string& name) {
  constexpr std::size_t longest = 80;
  std::string slug;
  for (const char c : name.substr(0, longest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    slug += plain ? c : '-';
  }
  return slug;
}

}  // namespace

StoredCell cell_of(const report::StoredRun& run, const store::CellRow& cell,
                   plan::CellParts inputs) {
  StoredCell stored{run.run, {}, cell, {}, {}, {}, std::move(inputs)};
  const auto is_of_cell = [&](const auto& row) { return row.cell == cell.id; };
  for (const auto& each : run.kernels)
    if (each.id == cell.kernel) stored.kernel = each;
  std::copy_if(run.cases.begin(), run.cases.end(), std::back_inserter(stored.cases), is_of_cell);
  std::copy_if(run.reruns.begin(), run.reruns.end(), std::back_inserter(stored.further),
               is_of_cell);
  std::copy_if(run.incidents.begin(), run.incidents.end(), std::back_inserter(stored.incidents),
               is_of_cell);
  std::sort(stored.cases.begin(), stored.cases.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return stored;
}

Manifest records_of(const StoredCell& stored) {
  Manifest manifest;
  manifest.kmatrix_version = stored.run.kmatrix_version;
  manifest.experiment = stored.run.experiment;
  manifest.run = stored.run.id.value;
  manifest.started = stored.run.started;
  manifest.kernel = record_of(stored.kernel);
  manifest.cell = record_of(stored.cell, stored.inputs);
  for (const auto& row : stored.cases) manifest.cases.push_back(record_of(row));
  for (const auto& row : stored.further)
    for (auto& each : manifest.cases)
      if (each.name == row.name) each.further.push_back(row.outcome);
  for (const auto& row : stored.incidents)
    manifest.incidents.push_back({row.case_name, row.kind, row.title, row.ignored, ""});
  return manifest;
}

std::vector<std::string> ran_before(const StoredCell& stored, const std::string& case_name,
                                    const Belongs& belongs) {
  const auto asked = std::find_if(stored.cases.begin(), stored.cases.end(),
                                  [&](const auto& row) { return row.name == case_name; });
  std::vector<std::string> before;
  if (asked == stored.cases.end() || asked->boot == 0) return before;
  for (auto row = stored.cases.begin(); row != asked; ++row) {
    const auto is_part = [&](const std::string& process) { return belongs(row->name, process); };
    const bool is_subtest = std::any_of(before.begin(), before.end(), is_part);
    const bool is_its_own = is_part(case_name) || belongs(case_name, row->name);
    if (row->boot == asked->boot && !is_subtest && !is_its_own) before.push_back(row->name);
  }
  return before;
}

void add_evidence(const StoredCell& stored, const std::vector<Hidden>& hidden, Bundle& bundle) {
  const auto add = [&](const std::string& name, std::string text) {
    if (!text.empty()) bundle.files[name].content = without(std::move(text), hidden);
  };
  add("config", stored.kernel.config_text);
  add("domain.xml", stored.cell.machine_xml);
  std::set<int> boots;
  std::size_t texts = 0;
  for (std::size_t i = 0; i < stored.cases.size(); ++i) {
    const auto& row = stored.cases[i];
    const bool wanted = report::is_bad_word(row.outcome) || row.name == bundle.manifest.case_name;
    if (!wanted || ++texts > most_texts) continue;
    boots.insert(row.boot);
    const auto name = fmt::format("outputs/{:04}-{}.txt", i + 1, slug_of(row.name));
    auto text = row.output.empty() ? "" : end_of(row.output, most_output);
    if (!text.empty()) bundle.manifest.cases[i].output = name;
    add(name, std::move(text));
  }
  for (std::size_t i = 0; i < stored.incidents.size() && i < most_texts; ++i) {
    const auto& row = stored.incidents[i];
    boots.insert(row.boot);
    const auto name = fmt::format("incidents/{:04}-{}.txt", i + 1, row.kind);
    if (!row.text.empty()) bundle.manifest.incidents[i].text = name;
    add(name, row.text);
  }
  std::size_t consoles = 0;
  for (const int boot : boots) {
    if (boot == 0 || ++consoles > 8) continue;
    const auto name = fmt::format("console-{}.log", boot);
    add("consoles/" + name, end_of(fs::path(stored.cell.folder) / name, most_console));
  }
  if (stored.kernel.state == "failed") add("build.log", end_of(stored.kernel.log, most_console));
}

}  // namespace kmatrix::bundle
