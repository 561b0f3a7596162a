// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "support/result.h"

namespace kmatrix::cli {

/// {message, file, line, column, hint}, with null for what is not known.
nlohmann::ordered_json error_json(const Error& error);

}  // namespace kmatrix::cli
