// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/selection.h"

#include <nlohmann/json.hpp>

namespace kmatrix::cli {

using nlohmann::json;

std::string to_selection(const RunOptions& options) {
  json record{{"only", options.experiment.only},
              {"again", options.again},
              {"objects", options.objects},
              {"trees", options.experiment.trees},
              {"series", options.experiment.series}};
  const auto& rerun = options.rerun;
  if (rerun.of != 0)
    record["rerun"] = {
        {"of", rerun.of}, {"failed", rerun.failed}, {"cells", rerun.cells}, {"cases", rerun.cases}};
  const auto& replay = options.replay;
  if (!replay.bundle.empty())
    record["replay"] = {{"bundle", replay.bundle},
                        {"of", replay.of},
                        {"skip", replay.skip},
                        {"times", replay.times}};
  return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

Status apply_selection(const std::string& text, RunOptions& options) {
  if (text.empty()) return {};
  try {
    const auto record = json::parse(text);
    record.at("only").get_to(options.experiment.only);
    record.at("again").get_to(options.again);
    if (const auto rerun = record.find("rerun"); rerun != record.end()) {
      rerun->at("of").get_to(options.rerun.of);
      rerun->at("failed").get_to(options.rerun.failed);
      rerun->at("cells").get_to(options.rerun.cells);
      rerun->at("cases").get_to(options.rerun.cases);
    }
    if (const auto replay = record.find("replay"); replay != record.end()) {
      replay->at("bundle").get_to(options.replay.bundle);
      replay->at("of").get_to(options.replay.of);
      replay->at("skip").get_to(options.replay.skip);
      replay->at("times").get_to(options.replay.times);
    }
    // Runs from before there were such options have none.
    options.objects = record.value("objects", false);
    options.experiment.trees = record.value("trees", std::vector<std::string>());
    options.experiment.series = record.value("series", std::vector<std::string>());
  } catch (const json::exception& failure) {
    return support::infrastructure_error(std::string("the run's stored selection is damaged: ") +
                                         failure.what());
  }
  return {};
}

}  // namespace kmatrix::cli
