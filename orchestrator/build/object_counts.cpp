// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/object_counts.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>

#include "build/artefact.h"
#include "build/dot_config.h"
#include "support/file.h"

namespace kmatrix::build {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> built_by(std::string_view config_text) {
  std::vector<std::string> built;
  const DotConfig config(config_text);
  for (const auto& [symbol, value] : config.values())
    if (value == "y" || value == "m") built.push_back(symbol);
  return built;
}

/// How many symbols only one of them has.
long distance(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> only_one;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                std::back_inserter(only_one));
  return static_cast<long>(only_one.size());
}

}  // namespace

ObjectCounts::ObjectCounts(const fs::path& cache) {
  std::error_code failure;
  for (fs::directory_iterator walk(cache / "kernels", failure), end; !failure && walk != end;
       walk.increment(failure)) {
    const auto files = files_below(walk->path());
    const auto record = read_record(files.info);
    const auto config = support::read_file(files.config);
    if (!record || !config) continue;
    builds_.push_back({record->kernel, record->arch, record->finished_at, record->info.objects,
                       built_by(*config)});
  }
}

int ObjectCounts::expected(const plan::PlannedKernel& kernel, std::string_view config_text) const {
  const auto built = built_by(config_text);
  const Build* nearest = nullptr;
  std::tuple<long, bool, std::string> best;
  for (const auto& build : builds_) {
    if (build.arch != kernel.arch) continue;
    std::tuple fit{-distance(build.built, built), build.kernel == kernel.name, build.finished_at};
    if (nearest != nullptr && fit <= best) continue;
    nearest = &build;
    best = std::move(fit);
  }
  if (nearest == nullptr) return 0;
  if (nearest->built.empty()) return nearest->objects;
  const double share =
      static_cast<double>(built.size()) / static_cast<double>(nearest->built.size());
  return static_cast<int>(std::lround(nearest->objects * share));
}

}  // namespace kmatrix::build
