// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "site/html.h"

namespace kmatrix::site {

/// The lines of a log from 1, without the CR of a serial console. At most 16 MiB are read.
class LogFile {
 public:
  explicit LogFile(std::string text);
  std::int64_t size() const { return static_cast<std::int64_t>(lines_.size()); }
  std::string_view line(std::int64_t number) const;

 private:
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> lines_;  ///< begin, length
};

/// Reads logs and keeps the last few: the cases of a cell share one.
class LogReader {
 public:
  /// nullptr if there is no such log. Reads only regular files that are called *.log or *.out: a
  /// path in a database is not a reason to publish just any file.
  const LogFile* read(const std::filesystem::path& file);

 private:
  std::list<std::pair<std::filesystem::path, std::optional<LogFile>>> kept_;
};

/// Which lines of a log are shown, and which one explains the outcome (0: none of them).
struct Excerpt {
  std::int64_t first = 1, last = 0, hit = 0;
};

/// Lines `first` to `last` with some around them, at most 80, those about `hit` at any rate.
Excerpt excerpt_of(const LogFile& log, std::int64_t first, std::int64_t last, std::int64_t hit);

/// The line from `first` to `last` that is most likely the reason: one that has the message, else
/// the last that speaks of an error; 0: none.
std::int64_t find_hit(const LogFile& log, std::int64_t first, std::int64_t last,
                      std::string_view message);

/// Writes it with line numbers; the hit has the id "hit".
void write_excerpt(Html& html, const LogFile& log, const Excerpt& excerpt);

}  // namespace kmatrix::site
