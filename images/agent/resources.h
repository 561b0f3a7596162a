// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace kmatrix::agent {

/// Is less than a tenth left of the memory, or of a file system that tests write to? Then the next
/// case would suffer from what the last one left behind.
bool exhausted();

}  // namespace kmatrix::agent
