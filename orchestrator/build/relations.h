// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::build {

/// What Kconfig says of one symbol; expressions are as it prints them, with values.
struct Relations {
  std::string name, value, type;
  std::vector<std::string> defined_at;  ///< "arch/Kconfig:824"
  std::vector<std::string> depends_on;  ///< one a definition that has dependencies
  std::vector<std::string> visible_if;
  std::vector<std::string> selected_by;  ///< one a selector, whatever its value
  bool has_prompt = false;               ///< without one nobody can set it directly
};

/// All symbols of a tree by name.
using RelationTable = std::map<std::string, Relations, std::less<>>;

/// Parses what explain_program wrote.
RelationTable parse_relations(std::string_view text);

/// Why `symbol` did not become `wanted`, in Kconfig's own words: its dependencies and selectors
/// with values, followed by those of the symbols that hold it up, up to three steps away. Lines
/// without a final newline; "" if the table does not know the symbol.
std::string account(const RelationTable& table, const std::string& symbol,
                    const std::string& wanted);

}  // namespace kmatrix::build
