// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plan/matrix.h"

namespace kmatrix::plan {

enum class JobKind { root_disk, build, selftests, cell };

/// What a job takes up while it runs.
enum class Slot { light, build, boot };

struct Job {
  JobKind kind = JobKind::build;
  std::size_t subject = 0;  ///< index into JobGraph::images or selftests, kernels, cells
  std::vector<std::size_t> depends = {};  ///< indices of earlier jobs
  Slot slot = Slot::light;
  int cores = 0;       ///< that it keeps busy: CPUs of a machine, make -j of a build
  int memory_mib = 0;  ///< that it takes while it runs
};

/// What need not be done, or costs nothing. Indices into the Matrix.
struct Spared {
  std::set<std::size_t> cells;           ///< that get no job
  std::set<std::size_t> kernels;         ///< finished: no job unless a cell needs the artefact
  std::set<std::size_t> cached_kernels;  ///< their build is a look into the cache: a light job
  /// By kernel and suite; likewise.
  std::set<std::pair<std::size_t, std::string>> cached_selftests = {};
};

/// What is built for all cells of a kernel and a suite.
struct Selftests {
  std::size_t kernel = 0;  ///< into Matrix::kernels
  std::string suite;
};

struct JobGraph {
  std::vector<std::string> images;   ///< names of the root file system recipes
  std::vector<Selftests> selftests;  ///< of suites that are built from a tree
  std::vector<Job> jobs;             ///< each after all that it depends on
};

/// Jobs for the cells that shall run: root disks first, then each kernel's build followed by that
/// of the selftests it needs and its cells, so that a kernel is tested while the next one is built.
/// A kernel is built even if all its cells are spared, for "it builds" is a result too.
/// `build_jobs`: make -j.
JobGraph make_job_graph(const spec::Experiment& experiment, const Matrix& matrix,
                        const Spared& spared, int build_jobs);

}  // namespace kmatrix::plan
