// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/cell_keys.h"

#include <map>

#include "run/sources.h"
#include "support/digest.h"

namespace kmatrix::run {

namespace {

/// Digests of files and folders, each read once.
class Digests {
 public:
  Result<support::Digest> of(const std::filesystem::path& file) {
    if (const auto known = known_.find(file.string()); known != known_.end()) return known->second;
    auto digest = std::filesystem::is_directory(file) ? support::digest_folder(file)
                                                      : support::digest_file(file);
    if (digest) known_[file.string()] = *digest;
    return digest;
  }

 private:
  std::map<std::string, support::Digest> known_;
};

}  // namespace

Result<std::vector<plan::CellParts>> cell_parts(const spec::Experiment& experiment,
                                                const plan::Matrix& matrix,
                                                const Prepared& prepared,
                                                const std::filesystem::path& data,
                                                const std::filesystem::path& agents,
                                                const std::string& uri) {
  Digests digests;
  const auto scripts = support::digest_folder(data / "images/guest");
  if (!scripts) return scripts.error();
  std::vector<plan::CellParts> all;
  for (const auto& cell : matrix.cells) {
    const auto& machine = *spec::find(experiment.machines, cell.machine);
    const auto image = digests.of(data / "images" / (machine.image + ".yaml"));
    if (!image) return image.error();
    const auto agent = digests.of(agents / ("kmatrix-agent-" + machine.arch));
    if (!agent) return agent.error();
    plan::CellInputs inputs{prepared.kernels[cell.kernel].key,
                            machine,
                            *spec::find(experiment.suites, cell.suite),
                            *image,
                            *agent,
                            *scripts,
                            uri};
    inputs.tests = tests_digest(experiment, prepared, inputs.suite);
    for (const auto& file : inputs.suite.files) {
      const auto digest = digests.of(file);
      if (!digest) return digest.error();
      inputs.files.emplace_back(file.filename().string(), *digest);
    }
    all.push_back(plan::cell_parts(inputs));
  }
  return all;
}

}  // namespace kmatrix::run
