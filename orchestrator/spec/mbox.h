// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/problems.h"

namespace kmatrix::spec {

/// The patches in a file: an mbox as `b4 am` or `git format-patch --stdout` writes it, one mail, or
/// a bare diff. Mails are put into the order of their [PATCH n/m]; cover letters, replies and mails
/// without a patch are left out. A patch is the part of a mail from its first diff on, so that
/// another cover letter or another Reviewed-by makes no other patch.
///
/// Reports, with places in the file: numbers that are missing or there twice, mails that cannot be
/// read, numbered mails without a patch; a file without any patch at `at`.
std::vector<Patch> parse_mbox(const std::string& text, const std::filesystem::path& file,
                              const Location& at, Problems& problems);

}  // namespace kmatrix::spec
