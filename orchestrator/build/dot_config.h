// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plan/matrix.h"

namespace kmatrix::build {

/// The values of a .config by symbol (without CONFIG_), as they are written there.
class DotConfig {
 public:
  explicit DotConfig(std::string_view text);
  /// "n" for a symbol that is not set or absent.
  const std::string& value_of(std::string_view symbol) const;
  const std::map<std::string, std::string, std::less<>>& values() const { return values_; }
  /// How many symbols have this value: "y" for all that is built in.
  std::size_t count(std::string_view value) const;
  bool is(std::string_view symbol, std::string_view value) const {
    return value_of(symbol) == value;
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The requests as lines of a .config.
std::string fragment_text(const std::vector<plan::ComposedSymbol>& symbols);

/// `config` without its lines about the symbols, and with the symbols' own lines after it: what
/// scripts/kconfig/merge_config.sh -m does.
std::string merged(std::string_view config, const std::vector<plan::ComposedSymbol>& symbols);

/// "X is not set", "X is m, not y": how a value differs from the one asked for.
std::string difference(const std::string& symbol, const std::string& wanted,
                       const std::string& actual);

}  // namespace kmatrix::build
