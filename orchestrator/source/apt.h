// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/result.h"

namespace kmatrix::source {

/// apt's programs with private state: the system's is only read, and whatever apt writes goes to
/// cache/apt. Needs no root. One process at a time (the caller locks).
class Apt {
 public:
  /// Which package sources, lists and settings a program sees: what it gets with -c.
  struct View {
    std::filesystem::path config;
    std::string words;  ///< for messages: "trixie-backports of MIRROR", "the machine's apt sources"
  };

  Apt(std::filesystem::path cache, support::ProcessRunner& runner,
      std::function<void(std::string)> say, std::stop_token stop);

  /// The machine's package sources, with its own lists, or with lists of ours (update() them).
  Result<View> machine(bool own_lists);
  /// A suite of the machine's Debian mirror, with lists of ours.
  Result<View> suite(const std::string& name);
  /// Fetches the lists of a view of ours. No such suite: an input error without a place.
  Status update(const View& view);
  /// Runs a program of apt in the C locale.
  Result<support::Exit> run(const std::string& program, const View& view,
                            std::vector<std::string> arguments);

 private:
  Result<View> write_view(const std::string& name, const std::string& words,
                          const std::string& config);
  Result<std::string> mirror(const std::string& suite);

  std::filesystem::path cache_;
  support::ProcessRunner& runner_;
  std::function<void(std::string)> say_;
  std::stop_token stop_;
};

/// apt's errors and warnings in `output`, on one line.
std::string apt_words(const std::string& output);

}  // namespace kmatrix::source
