// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "build/kernel_builder.h"
#include "build/sandbox.h"

namespace kmatrix::build {

/// Where one kernel is configured or built.
struct KernelBuilder::Workplace {
  std::filesystem::path build;  ///< /build of the sandbox
  Sandbox sandbox;
};

}  // namespace kmatrix::build
