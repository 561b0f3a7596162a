// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/board.h"
#include "cli/talk_line.h"
#include "support/clock.h"

// What a run tells other processes of itself while it goes on, in its own folder: `live.json`, its
// board, renamed into place at most once a second and gone when nothing is built or booted; and
// `progress.jsonl`, the lines that it printed, a JSON record each, which stays. Whether the run
// goes on is not said here but by its lock (run_lock.h).
namespace kmatrix::cli {

/// The writing side. A folder that cannot be written to is no reason for a run to fail: then
/// nothing is written. Thread-safe.
class LiveWriter {
 public:
  LiveWriter(std::filesystem::path folder, const support::Clock& clock);
  ~LiveWriter();
  LiveWriter(const LiveWriter&) = delete;
  LiveWriter& operator=(const LiveWriter&) = delete;

  void line(const TalkLine& line);
  /// `state` is only asked for if the last board is a second old.
  void board(const std::function<BoardState()>& state);
  void clear_board();
  /// How the process that works on the run ends. `error`: that of the run; empty: none.
  void end(int exit_code, const std::string& error);

 private:
  void append(const std::string& record);

  std::filesystem::path folder_;
  const support::Clock& clock_;
  std::mutex mutex_;
  int lines_ = -1;  ///< descriptor
  std::optional<std::chrono::steady_clock::time_point> written_;
};

struct LiveEnd {
  int exit_code = 0;
  std::string error;
};

/// The reading side: follows what a run writes. The files are data, and may be cut or damaged.
class LiveReader {
 public:
  explicit LiveReader(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Those that came since the last call.
  std::vector<TalkLine> new_lines();
  /// The newest board, with its times as they are `now`; nullopt: there is none.
  std::optional<BoardState> board(std::chrono::system_clock::time_point now) const;
  /// How the last process that worked on the run ended, if it came to say so.
  const std::optional<LiveEnd>& end() const { return end_; }

 private:
  std::filesystem::path folder_;
  std::uintmax_t at_ = 0;  ///< in progress.jsonl
  std::optional<LiveEnd> end_;
};

}  // namespace kmatrix::cli
