// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "store/sqlite.h"
#include "support/result.h"

namespace kmatrix::store {

/// Opens or creates a results database and brings it to the newest schema. What is not one, or is
/// newer than this program, is an input error and stays as it is.
Result<Connection> open_newest(const std::filesystem::path& file);

/// Input error: there is no such results database.
Status check_is_there(const std::filesystem::path& file);

/// Opens a results database that is there, for reading alone. One of an older schema is brought to
/// the newest first. Input errors as above, and that there is none.
Result<Connection> open_newest_to_read(const std::filesystem::path& file);

}  // namespace kmatrix::store
