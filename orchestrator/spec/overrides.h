// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/document.h"
#include "spec/load.h"
#include "spec/problems.h"

namespace kmatrix::spec {

/// Puts what the command line says in place of the trees and series of the file, so that they are
/// read and checked like those. Their place is "--tree" or "--series". Reports what cannot be
/// understood. Gives them as one would write them anywhere: paths are absolute.
std::vector<Override> apply_overrides(YamlNode& experiment, const std::vector<Override>& overrides,
                                      Problems& problems);

}  // namespace kmatrix::spec
