// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kmatrix::agent {

/// RFC 4648, section 4, with padding.
std::string base64_encode(std::string_view bytes);

/// The reverse; nullopt for anything that base64_encode would not have written.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace kmatrix::agent
