// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/suite.h"

#include "suite/boot_suite.h"
#include "suite/ftracetest_suite.h"
#include "suite/sample_suite.h"

namespace kmatrix::suite {

Result<std::unique_ptr<Suite>> make_suite(const spec::Suite& spec,
                                          const std::filesystem::path& source,
                                          const std::filesystem::path& data) {
  switch (spec.runner) {
    case spec::RunnerKind::boot:
      return make_boot_suite(spec);
    case spec::RunnerKind::ftracetest:
      return make_ftracetest_suite(spec, source);
    case spec::RunnerKind::samples:
      return make_sample_suite(spec, data);
    case spec::RunnerKind::test_progs:
    case spec::RunnerKind::kselftest:
    case spec::RunnerKind::script:
      break;
  }
  return support::input_error("unknown runner", spec.at);
}

}  // namespace kmatrix::suite
