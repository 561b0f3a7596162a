// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite/suite.h"

namespace kmatrix::suite {

/// The errno (as <errno.h> or the kernel's own 524, ENOTSUPP) that libbpf, the verifier or an
/// assertion named in the output of a BPF test: ENOTSUPP if it is there at all, else the first one;
/// 0: none.
int errno_in(std::string_view output);

/// What `test_progs -v -a NAME` means; pure. First the test itself, then its subtests in the order
/// in which they ended.
std::vector<Judged> judge_test_progs(const std::string& test, const Finished& finished);

}  // namespace kmatrix::suite
