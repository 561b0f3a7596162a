// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "plan/matrix.h"

namespace kmatrix::build {

/// How many objects earlier builds had: it says how far one is that runs.
class ObjectCounts {
 public:
  /// Reads the records and the .config of all kernels in the cache.
  explicit ObjectCounts(const std::filesystem::path& cache);

  /// How many a build will have: as many as the one whose .config shares the most symbols that are
  /// =y or =m, more or less by their number; of several as near as that the one of the same name,
  /// and the newest. 0 if nothing was ever built for the architecture.
  int expected(const plan::PlannedKernel& kernel, std::string_view config_text) const;

 private:
  struct Build {
    std::string kernel, arch, finished_at;
    int objects = 0;
    std::vector<std::string> built;  ///< symbols, sorted
  };
  std::vector<Build> builds_;
};

}  // namespace kmatrix::build
