// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "support/result.h"

namespace kmatrix::machine {

/// The file that keeps what a console said. It has at most `limit` bytes and then says so; nothing
/// is buffered.
class ConsoleLog {
 public:
  static constexpr std::uint64_t default_limit = 64 << 20;
  static Result<ConsoleLog> create(const std::filesystem::path& file,
                                   std::uint64_t limit = default_limit);
  ConsoleLog() = default;
  ConsoleLog(ConsoleLog&& other) noexcept;
  ConsoleLog& operator=(ConsoleLog&& other) noexcept;
  ~ConsoleLog();
  Status write(std::string_view bytes);

 private:
  Status write_all(std::string_view bytes);
  int fd_ = -1;
  std::uint64_t room_ = 0;
  bool full_ = false;
  std::filesystem::path file_;
};

}  // namespace kmatrix::machine
