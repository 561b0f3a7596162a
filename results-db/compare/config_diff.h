// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace kmatrix::compare {

/// A value that somebody asked for.
struct Asked {
  std::string value;  ///< as in a .config; "n": not set
  std::string asked_by, at;
};

/// A kernel's final .config, with what was asked for. By symbol, without CONFIG_.
struct FinalConfig {
  std::map<std::string, std::string, std::less<>> values;
  std::map<std::string, Asked, std::less<>> asked;  ///< not in it: left to Kconfig
};

/// One kernel's side of a difference.
struct Setting {
  std::string value;  ///< "n": not set, or unknown to that kernel's tree
  Asked asked;        ///< by nobody: asked_by is empty
};

struct SymbolDifference {
  std::string symbol;
  Setting a, b;
};

/// The symbols with different values: first those that somebody asked for, then those that follow
/// from them (defaults, selects), each in alphabetical order. Pure.
std::vector<SymbolDifference> config_differences(const FinalConfig& a, const FinalConfig& b);

}  // namespace kmatrix::compare
