// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/error_json.h"

#include <nlohmann/json.hpp>

#include "support/text.h"

namespace kmatrix::cli {

nlohmann::ordered_json error_json(const Error& error) {
  const auto text = [](const std::string& value) -> nlohmann::ordered_json {
    if (value.empty()) return nullptr;
    return support::valid_utf8(value);
  };
  const auto number = [](int value) -> nlohmann::ordered_json {
    if (value == 0) return nullptr;
    return value;
  };
  return {{"message", support::valid_utf8(error.message)},
          {"file", text(error.at.file)},
          {"line", number(error.at.line)},
          {"column", number(error.at.column)},
          {"hint", text(error.hint)}};
}

}  // namespace kmatrix::cli
