// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/evaluate.h"

#include "build/object_comparison.h"
#include "report/claims.h"

namespace kmatrix::cli {

namespace {

/// The cells of the whole experiment as rows that have names and coordinates only.
std::vector<store::CellRow> planned_rows(const plan::Matrix& matrix) {
  std::vector<store::CellRow> rows;
  for (const auto& cell : matrix.cells) {
    const auto& kernel = matrix.kernels[cell.kernel];
    store::CellRow row;
    row.name = cell.name;
    row.tree = kernel.tree;
    row.series = kernel.series;
    row.config = kernel.config;
    row.machine = cell.machine;
    row.suite = cell.suite;
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<build::ArtefactFiles> artefact_of(const store::KernelRow& kernel,
                                         const build::KernelCache& cache) {
  auto artefact = cache.artefact(plan::KernelKey{support::Digest{kernel.kernel_key}});
  if (!artefact)
    return support::infrastructure_error("kernel " + kernel.name + " is not in the cache any more",
                                         "`kmatrix run` builds it again");
  return *artefact;
}

Result<compare::ObjectsCompared> compare_objects(const spec::Experiment& experiment,
                                                 Workshop& workshop, const store::KernelRow& a,
                                                 const store::KernelRow& b) {
  const auto first = artefact_of(a, workshop.kernels);
  if (!first) return first.error();
  const auto second = artefact_of(b, workshop.kernels);
  if (!second) return second.error();
  const auto* config = spec::find(experiment.configs, a.config);
  const auto* toolchain =
      config == nullptr ? nullptr : spec::find(experiment.toolchains, config->toolchain);
  if (toolchain == nullptr) return support::input_error("the experiment has no config " + a.config);
  const auto compared = workshop.builder.compare_objects(*first, *second, *toolchain, {});
  if (!compared) return compared.error();
  compare::ObjectsCompared result{compared->objects, {}};
  for (const auto& each : compared->differing) {
    const bool same_code = each.likeness != build::Likeness::different;
    result.differences.push_back(
        {each.path, same_code ? "differs, but not in its code" : "its code differs", same_code});
  }
  for (const auto& path : compared->only_a)
    result.differences.push_back({path, "only in " + a.name});
  for (const auto& path : compared->only_b)
    result.differences.push_back({path, "only in " + b.name});
  return result;
}

}  // namespace

compare::Attributed attribute(const report::StoredRun& stored, double confidence) {
  compare::Attributed result;
  result.observed = compare::observe({{stored.run.id, stored.kernels, stored.cells, stored.cases,
                                       stored.incidents, stored.reruns}});
  result.cases = compare::attribute(compare::lay_out(result.observed.cells, spec::base_series),
                                    result.observed.cases, confidence);
  return result;
}

std::vector<store::ClaimRow> evaluate_claims(const ReadExperiment& read,
                                             const report::StoredRun& stored,
                                             const compare::Attributed& attributed,
                                             Workshop& workshop) {
  const auto planned = planned_rows(read.whole);
  const compare::ClaimInputs inputs{
      stored.kernels,
      stored.cells,
      stored.cases,
      stored.incidents,
      planned,
      [&](const std::string& axis) { return compare::differences_by(axis, attributed); },
      [&](const store::KernelRow& a, const store::KernelRow& b) {
        return compare_objects(read.experiment, workshop, a, b);
      }};
  std::vector<store::ClaimRow> rows;
  for (const auto& result : compare::evaluate(read.experiment.claims, inputs))
    rows.push_back(report::to_row(result));
  return rows;
}

Status conclude(const ReadExperiment& read, const report::StoredRun& stored, Workshop& workshop,
                store::Store& store) {
  const auto attributed = attribute(stored, read.experiment.reruns.confidence);
  std::vector<store::VerdictRow> verdicts;
  for (const auto& each : attributed.cases)
    if (each.verdict != compare::Verdict::same)
      verdicts.push_back({each.suite, each.name, to_string(each.verdict), each.where, each.counts});
  return store.put_conclusions(stored.run.id, evaluate_claims(read, stored, attributed, workshop),
                               verdicts);
}

}  // namespace kmatrix::cli
