// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/job_graph.h"

#include <algorithm>
#include <map>

namespace kmatrix::plan {

namespace {

/// QEMU's own share of a machine's memory.
constexpr int emulator_mib = 200;
/// The last link of a kernel with BTF, and each compiler beside it.
constexpr int link_mib = 1024, compiler_mib = 256;

/// Adds the jobs of one experiment, in their order.
class Graph {
 public:
  Graph(const spec::Experiment& experiment, const Matrix& matrix, const Spared& spared,
        int build_jobs)
      : experiment_(experiment), matrix_(matrix), spared_(spared), build_jobs_(build_jobs) {}

  JobGraph make() {
    for (std::size_t i = 0; i < matrix_.cells.size(); ++i)
      if (runs(i) && image_index(i) == graph_.images.size()) graph_.images.push_back(image(i));
    for (std::size_t i = 0; i < graph_.images.size(); ++i)
      graph_.jobs.push_back({JobKind::root_disk, i, {}, Slot::light});
    for (std::size_t kernel = 0; kernel < matrix_.kernels.size(); ++kernel) add_kernel(kernel);
    return std::move(graph_);
  }

 private:
  bool runs(std::size_t cell) const { return spared_.cells.count(cell) == 0; }
  const spec::Machine& machine(std::size_t cell) const {
    return *spec::find(experiment_.machines, matrix_.cells[cell].machine);
  }
  const std::string& image(std::size_t cell) const { return machine(cell).image; }
  std::size_t image_index(std::size_t cell) const {
    const auto found = std::find(graph_.images.begin(), graph_.images.end(), image(cell));
    return static_cast<std::size_t>(found - graph_.images.begin());
  }

  void add_kernel(std::size_t kernel) {
    std::vector<std::size_t> cells;
    for (std::size_t i = 0; i < matrix_.cells.size(); ++i)
      if (matrix_.cells[i].kernel == kernel && runs(i)) cells.push_back(i);
    if (cells.empty() && spared_.kernels.count(kernel) != 0) return;
    const std::size_t build = graph_.jobs.size();
    if (spared_.cached_kernels.count(kernel) != 0) {
      graph_.jobs.push_back({JobKind::build, kernel, {}, Slot::light});
    } else {
      graph_.jobs.push_back({JobKind::build,
                             kernel,
                             {},
                             Slot::build,
                             build_jobs_,
                             link_mib + build_jobs_ * compiler_mib});
    }
    const auto selftests = add_selftests(kernel, build, cells);
    for (const auto cell : cells) {
      const int shards = spec::find(experiment_.suites, matrix_.cells[cell].suite)->shards;
      graph_.jobs.push_back({JobKind::cell,
                             cell,
                             {image_index(cell), build},
                             Slot::boot,
                             machine(cell).cpus * shards,
                             (machine(cell).memory_mib + emulator_mib) * shards});
      if (const auto job = selftests.find(matrix_.cells[cell].suite); job != selftests.end())
        graph_.jobs.back().depends.push_back(job->second);
    }
  }

  /// Their jobs, by suite.
  std::map<std::string, std::size_t> add_selftests(std::size_t kernel, std::size_t build,
                                                   const std::vector<std::size_t>& cells) {
    std::map<std::string, std::size_t> jobs;
    for (const auto cell : cells) {
      const auto& name = matrix_.cells[cell].suite;
      const auto* suite = spec::find(experiment_.suites, name);
      if (suite == nullptr || !suite->is_built()) continue;
      if (!jobs.try_emplace(name, graph_.jobs.size()).second) continue;
      Job job{JobKind::selftests, graph_.selftests.size(), {build}, Slot::light};
      if (spared_.cached_selftests.count({kernel, name}) == 0) {
        job.slot = Slot::build;
        job.cores = build_jobs_;
        job.memory_mib = build_jobs_ * compiler_mib;
      }
      graph_.jobs.push_back(std::move(job));
      graph_.selftests.push_back({kernel, name});
    }
    return jobs;
  }

  const spec::Experiment& experiment_;
  const Matrix& matrix_;
  const Spared& spared_;
  int build_jobs_;
  JobGraph graph_;
};

}  // namespace

JobGraph make_job_graph(const spec::Experiment& experiment, const Matrix& matrix,
                        const Spared& spared, int build_jobs) {
  return Graph(experiment, matrix, spared, build_jobs).make();
}

}  // namespace kmatrix::plan
