// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "bundle/sameness.h"

namespace kmatrix::bundle {

/// What a replay showed, for people: a table of cases (of many only those that were or are not
/// good, or differ), what differs between the two machines and what that means, and the conclusion
/// as the last line. `run`: the replay's, in the database here.
std::string sameness_text(const Manifest& recorded, const Sameness& sameness, std::int64_t run,
                          bool colour);

/// All of it, for programs.
nlohmann::ordered_json sameness_json(const Manifest& recorded, const Sameness& sameness,
                                     std::int64_t run);

/// "v6.12/base/clang-cfi/arm64-tcg/boot of run 3 of quickstart, 2026-01-31"
std::string title_of(const Manifest& manifest);

}  // namespace kmatrix::bundle
