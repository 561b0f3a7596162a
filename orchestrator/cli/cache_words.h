// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "cache/inventory.h"

namespace kmatrix::cli {

/// "3.4 GiB", "120 KiB"
std::string size_words(std::uint64_t bytes);

/// "20G", "500M", "1.5GiB", "0": bytes in units of 1024; nullopt if it is no size.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// "5 min ago", "3 days ago"; negative ages are "now".
std::string age_words(std::int64_t seconds);

std::int64_t now_s();                                       ///< seconds since 1970
std::string entry_words(const cache::ListedEntry& listed);  ///< "kernels/58dd5402c396"
nlohmann::ordered_json entry_json(const cache::ListedEntry& listed);

/// stderr is a terminal on which a line may be written over.
bool is_live();

}  // namespace kmatrix::cli
