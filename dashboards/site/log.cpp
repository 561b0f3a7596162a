// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/log.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "site/words.h"

namespace kmatrix::site {

namespace {

constexpr std::size_t most_bytes = 16 << 20;
constexpr std::size_t logs_kept = 4;
constexpr std::size_t longest_line = 1000;
constexpr std::int64_t around = 6, most_lines = 80;

std::optional<LogFile> load(const std::filesystem::path& file) {
  std::error_code failure;
  const auto extension = file.extension();
  if ((extension != ".log" && extension != ".out") ||
      !std::filesystem::is_regular_file(file, failure))
    return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  const auto size = std::min<std::uintmax_t>(std::filesystem::file_size(file, failure), most_bytes);
  std::string text(static_cast<std::size_t>(failure ? 0 : size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
  return LogFile(std::move(text));
}

bool speaks_of_error(std::string_view line) {
  constexpr std::array<std::string_view, 8> words = {
      "FAIL", "not ok", "BUG:", "WARNING:", "Oops:", "error", "Error", "failed"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return line.find(word) != std::string_view::npos;
  });
}

}  // namespace

LogFile::LogFile(std::string text) : text_(std::move(text)) {
  for (std::size_t begin = 0; begin < text_.size();) {
    auto end = text_.find('\n', begin);
    if (end == std::string::npos) end = text_.size();
    auto length = end - begin;
    while (length > 0 && text_[begin + length - 1] == '\r') --length;
    lines_.emplace_back(begin, length);
    begin = end + 1;
  }
}

std::string_view LogFile::line(std::int64_t number) const {
  if (number < 1 || number > size()) return {};
  const auto [begin, length] = lines_[static_cast<std::size_t>(number - 1)];
  return std::string_view(text_).substr(begin, length);
}

const LogFile* LogReader::read(const std::filesystem::path& file) {
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& each) { return each.first == file; });
  if (found != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, found);
  } else {
    kept_.emplace_front(file, load(file));
    if (kept_.size() > logs_kept) kept_.pop_back();
  }
  const auto& log = kept_.front().second;
  return log && log->size() > 0 ? &*log : nullptr;
}

Excerpt excerpt_of(const LogFile& log, std::int64_t first, std::int64_t last, std::int64_t hit) {
  Excerpt excerpt{std::max<std::int64_t>(1, first - around), std::min(log.size(), last + around),
                  hit};
  if (excerpt.last - excerpt.first < most_lines) return excerpt;
  // The end tells more than the beginning.
  const auto middle = hit > 0 ? hit + most_lines / 4 : excerpt.last;
  excerpt.last = std::min(excerpt.last, middle);
  excerpt.first = std::max(excerpt.first, excerpt.last - most_lines + 1);
  return excerpt;
}

std::int64_t find_hit(const LogFile& log, std::int64_t first, std::int64_t last,
                      std::string_view message) {
  // A message may have been made of a line and of more: its beginning is what it has of the line.
  constexpr std::size_t enough = 32, least = 6;
  const auto wanted = message.substr(0, std::min(enough, message.find(" (errno")));
  std::int64_t other = 0;
  for (auto i = std::max<std::int64_t>(1, first); i <= std::min(last, log.size()); ++i) {
    const auto line = log.line(i);
    if (wanted.size() >= least && line.find(wanted) != std::string_view::npos) return i;
    if (speaks_of_error(line)) other = i;
  }
  return other;
}

void write_excerpt(Html& html, const LogFile& log, const Excerpt& excerpt) {
  if (excerpt.first > 1) {
    html << "<p class=\"cut\">";
    html.text(count_text(excerpt.first - 1)) << " earlier lines are left out.</p>\n";
  }
  html << "<div class=\"log\" tabindex=\"0\" role=\"region\" aria-label=\"log\"><ol start=\"";
  html.number(excerpt.first) << "\">\n";
  for (auto i = excerpt.first; i <= excerpt.last; ++i) {
    html << (i == excerpt.hit ? Markup("<li class=\"hit\" id=\"hit\">") : Markup("<li>"));
    const auto line = log.line(i);
    html.text(line.substr(0, longest_line))
        << (line.size() > longest_line ? Markup("…") : Markup("")) << "</li>\n";
  }
  html << "</ol></div>\n";
  if (excerpt.last < log.size()) {
    html << "<p class=\"cut\">";
    html.text(count_text(log.size() - excerpt.last)) << " later lines are left out.</p>\n";
  }
}

}  // namespace kmatrix::site
