// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "report/report.h"

namespace kmatrix::report {

/// A run as the store would give it, written down row by row.
class RunBuilder {
 public:
  RunBuilder() {
    run_.run.id.value = 3;
    run_.run.experiment = "quickstart";
    run_.run.experiment_file = "matrices/quickstart.yaml";
    run_.run.started = "2026-01-31T12:00:00Z";
    run_.run.finished = "2026-01-31T12:15:02Z";
    run_.run.state = "done";
    run_.run.host = "builder";
    run_.run.kmatrix_version = "0.1.0";
    run_.run.folder = "/state/results.runs/3";
  }
  store::KernelRow& kernel(const std::string& series, const std::string& state) {
    store::KernelRow row;
    row.id = static_cast<std::int64_t>(run_.kernels.size()) + 1;
    row.name = "v6.12/" + series + "/clang-cfi";
    row.tree = "v6.12";
    row.series = series;
    row.config = "clang-cfi";
    row.arch = "arm64";
    row.state = state;
    run_.kernels.push_back(row);
    return run_.kernels.back();
  }
  store::CellRow& cell(const std::string& series, const std::string& suite,
                       const std::string& state = "done", const std::string& reason = "") {
    store::CellRow row;
    row.id = static_cast<std::int64_t>(run_.cells.size()) + 1;
    row.name = "v6.12/" + series + "/clang-cfi/arm64-tcg/" + suite;
    row.tree = "v6.12";
    row.series = series;
    row.config = "clang-cfi";
    row.machine = "arm64-tcg";
    row.suite = suite;
    row.state = state;
    row.reason = reason;
    run_.cells.push_back(row);
    return run_.cells.back();
  }
  /// Of the cell that was added last.
  store::CaseRow& result(const std::string& name, const std::string& outcome,
                         const std::string& message = "") {
    store::CaseRow row;
    row.cell = run_.cells.back().id;
    row.name = name;
    row.outcome = outcome;
    row.message = message;
    run_.cases.push_back(row);
    return run_.cases.back();
  }
  store::IncidentRow& incident(const std::string& kind, const std::string& title) {
    store::IncidentRow row;
    row.cell = run_.cells.back().id;
    row.kind = kind;
    row.title = title;
    run_.incidents.push_back(row);
    return run_.incidents.back();
  }
  StoredRun& whole() { return run_; }
  compare::Comparison along(compare::Axes axes) const {
    return compare::compare(run_.cells, run_.cases, run_.incidents, axes);
  }

 private:
  StoredRun run_;
};

/// The quickstart as it should end: unavailable without the series, all passed with it.
inline RunBuilder quickstart() {
  RunBuilder run;
  auto& base = run.kernel("base", "cached");
  base.why = "cached";
  base.objects = 788;
  auto& built = run.kernel("direct-calls", "built");
  built.why = "series changed";
  built.objects = 788;
  built.seconds = 443.25;
  const std::string reason = "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set";
  run.cell("base", "ftrace-direct", "unavailable", reason).expect_unavailable = true;
  run.cell("direct-calls", "ftrace-direct").seconds = 71;
  run.result("direct/ftrace-direct.tc", "passed");
  run.result("direct/kprobe-direct.tc", "passed");
  run.cell("base", "ftrace-samples", "unavailable", reason).expect_unavailable = true;
  run.cell("direct-calls", "ftrace-samples").seconds = 18.2;
  run.result("ftrace-direct", "passed");
  run.result("ftrace-direct-modify", "passed");
  return run;
}

/// A run in which most things went wrong, with what a hostile guest can say.
inline RunBuilder bad_run() {
  RunBuilder run;
  run.kernel("base", "built").seconds = 60;
  auto& failed = run.kernel("direct-calls", "failed");
  failed.why = "never built";
  failed.first_error = "kernel/trace/ftrace.c:12:3: error: no\n   12 | x\n";
  failed.log = "/cache/failures/log";
  run.cell("base", "ftrace-direct").seconds = 80;
  run.result("direct/a.tc", "passed");
  auto& crashed = run.result("direct/b.tc", "crashed", "panic\x1b[2J: bad\nsecond line");
  crashed.seconds = 1.5;
  run.result("direct/c.tc", "missing");
  auto& incident = run.incident("cfi", "CFI failure at caller (target: callee)");
  incident.case_name = "direct/b.tc";
  incident.boot = 1;
  incident.first_line = 317;
  incident.text = "CFI failure \x01\nCall trace:";
  run.cell("base", "ftrace-samples", "unavailable", "SAMPLES is not set").explanation =
      "SAMPLES [=n]\n  depends on n\n";
  run.cell("direct-calls", "ftrace-direct", "blocked", "its kernel did not build");
  run.result("direct/a.tc", "blocked");
  return run;
}

}  // namespace kmatrix::report
