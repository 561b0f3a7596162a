// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/result.h"

namespace kmatrix::cli {

/// Exit codes are fixed, never counts.
enum ExitCode : int {
  exit_good = 0,
  exit_tests_failed = 1,  ///< tests failed or regressed, or a kernel did not build
  exit_bad_input = 2,
  exit_infrastructure = 69,  ///< EX_UNAVAILABLE: we could not do our job
  exit_interrupted = 130,
};

inline ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::input:
      return exit_bad_input;
    case ErrorKind::interrupted:
      return exit_interrupted;
    case ErrorKind::infrastructure:
      break;
  }
  return exit_infrastructure;
}

}  // namespace kmatrix::cli
