// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/suite.h"

#include "suite/boot_suite.h"
#include "suite/ftracetest_suite.h"
#include "suite/kselftest_suite.h"
#include "suite/sample_suite.h"
#include "suite/script_suite.h"
#include "suite/selection.h"
#include "suite/test_progs_suite.h"

namespace kmatrix::suite {

Result<std::unique_ptr<Suite>> make_suite(const spec::Suite& spec, const Places& places) {
  auto with_denied = spec;
  auto patterns = denied(spec, places.source);
  if (!patterns) return patterns.error();
  with_denied.deny = std::move(*patterns);
  switch (with_denied.runner) {
    case spec::RunnerKind::boot:
      return make_boot_suite(with_denied);
    case spec::RunnerKind::ftracetest:
      return make_ftracetest_suite(with_denied, places.source);
    case spec::RunnerKind::samples:
      return make_sample_suite(with_denied, places.data);
    case spec::RunnerKind::kselftest:
      return make_kselftest_suite(with_denied,
                                  places.built.empty() ? places.built : places.built / "files");
    case spec::RunnerKind::script:
      return make_script_suite(with_denied);
    case spec::RunnerKind::test_progs:
      return make_test_progs_suite(with_denied, places);
  }
  return support::input_error("unknown runner", spec.at);
}

Status check_suite(const spec::Suite& spec, const Places& places) {
  if (spec.runner == spec::RunnerKind::test_progs) {
    auto with_denied = spec;
    auto patterns = denied(spec, places.source);
    if (!patterns) return patterns.error();
    with_denied.deny = std::move(*patterns);
    return check_test_progs(with_denied, places.source);
  }
  if (spec.runner == spec::RunnerKind::kselftest) return check_kselftest(spec, places.source);
  const auto made = make_suite(spec, places);
  return made ? Status() : Status(made.error());
}

}  // namespace kmatrix::suite
