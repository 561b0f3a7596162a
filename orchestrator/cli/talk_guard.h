// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace kmatrix::cli {

/// A small process that outlives ours if that is killed or crashes: then it brings the user's
/// terminal back to what it was, and ends the machines that we left. To be made before any machine.
class TalkGuard {
 public:
  explicit TalkGuard(const std::filesystem::path& runtime_folder);
  ~TalkGuard();  ///< sends it away: all is well
  TalkGuard(const TalkGuard&) = delete;
  TalkGuard& operator=(const TalkGuard&) = delete;

 private:
  pid_t pid_ = -1;
  int wire_ = -1;
};

}  // namespace kmatrix::cli
