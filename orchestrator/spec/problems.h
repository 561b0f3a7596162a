// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/result.h"

namespace kmatrix::spec {

/// Collects what is wrong with an experiment, so that its author sees everything at once. Bounded:
/// after 1,000 problems it only counts.
class Problems {
 public:
  void add(Location at, std::string message, std::string hint = {});
  void add(Error error);

  /// "unknown WHAT 'word' in WHERE" with a did-you-mean, or with the known words if they are few.
  void unknown(Location at, const std::string& what, const std::string& word,
               const std::string& where, const std::vector<std::string>& known);

  bool none() const { return errors_.empty(); }
  std::size_t count() const { return errors_.size() + left_out_; }

  /// All problems, each once, in the order of their places: first those of `main_file`.
  std::vector<Error> take(const std::string& main_file);

 private:
  std::vector<Error> errors_;
  std::size_t left_out_ = 0;
};

/// 'text' in quotes, safe for a terminal, on one line and cut after `longest` bytes.
std::string quote(std::string_view text, std::size_t longest = 60);

}  // namespace kmatrix::spec
