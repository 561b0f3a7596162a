// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bundle/sameness.h"

namespace kmatrix::bundle {

/// Puts into `sameness` which of the things that results depend on are the same on both sides,
/// which are not, and what that means.
void compare_keys(const Side& recorded, const Side& now, Sameness& sameness);

}  // namespace kmatrix::bundle
