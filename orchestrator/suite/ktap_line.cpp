// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_line.h"

#include <algorithm>
#include <array>

#include "suite/kernel_log.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

using support::count_front;
using support::is_digit;
using support::trim;

constexpr std::size_t longest_line = 4096, longest_name = 150, longest_text = 300;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Removes `word` from the front of `text`.
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// Removes a number of at most nine digits, at the end of which a word ends.
std::optional<std::size_t> take_number(std::string_view& text) {
  const auto digits = count_front(text, is_digit);
  const bool ends = digits == text.size() || text[digits] == ' ' || text[digits] == '\t';
  if (digits == 0 || digits > 9 || !ends) return std::nullopt;
  const auto number = static_cast<std::size_t>(std::stoul(std::string(text.substr(0, digits))));
  text.remove_prefix(digits);
  return number;
}

/// The directive that `text`, behind a '#', begins with, or "". The kernel writes them in capitals;
/// some of its tests write "skip", "todo" and "error".
std::string_view directive_at(std::string_view text) {
  struct Known {
    std::string_view word;
    bool in_any_case;
  };
  constexpr std::array<Known, 6> all = {{{"SKIP", true},
                                         {"TODO", true},
                                         {"ERROR", true},
                                         {"XFAIL", false},
                                         {"XPASS", false},
                                         {"TIMEOUT", false}}};
  std::string word(text.substr(0, count_front(text, is_letter)));
  const auto exact = word;
  for (char& c : word)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  for (const auto& known : all)
    if (word == known.word && (known.in_any_case || exact == word)) return known.word;
  return word == "SKIPPED" ? "SKIP" : "";
}

/// Where the '#' of the line's last part is: that of a directive, or the first that stands alone.
/// A name may hold a '#', as in "case #2" and "fd \# 3".
std::size_t find_hash(std::string_view text) {
  std::size_t alone = text.npos;
  for (std::size_t at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
    if (at > 0 && text[at - 1] != ' ' && text[at - 1] != '\t') continue;
    const auto rest = text.substr(at + 1);
    if (!directive_at(trim(rest)).empty()) return at;
    if (alone == text.npos && (rest.empty() || rest.front() == ' ')) alone = at;
  }
  return alone;
}

/// "DIRECTIVE: WHY", or "WHY" alone.
void read_directive(std::string_view text, KtapLine& into) {
  text = trim(text);
  into.directive = directive_at(text);
  if (!into.directive.empty()) {
    text.remove_prefix(count_front(text, is_letter));
    text.remove_prefix(count_front(text, [](char c) { return c == ':' || c == ' ' || c == '-'; }));
  }
  into.text = one_line(text, longest_text);
}

bool read_version(std::string_view text) {
  take(text, "K");
  return take(text, "TAP version ") && !text.empty() && is_digit(text.front());
}

bool read_plan(std::string_view text, KtapLine& into) {
  if (!take(text, "1..")) return false;
  const auto number = take_number(text);
  text = trim(text);
  if (!number || (!text.empty() && text.front() != '#')) return false;
  into.number = number;
  if (!text.empty()) read_directive(text.substr(1), into);
  return true;
}

bool read_result(std::string_view text, KtapLine& into) {
  const bool good = !take(text, "not ");
  if (!take(text, "ok") || (!text.empty() && text.front() != ' ' && text.front() != '\t'))
    return false;
  into.good = good;
  text = trim(text);
  into.number = take_number(text);
  text = trim(text);
  into.has_dash = text == "-" || take(text, "- ");
  if (text == "-") text = {};
  const auto hash = find_hash(text);
  if (hash != text.npos) read_directive(text.substr(hash + 1), into);
  into.name = one_line(trim(text.substr(0, hash)), longest_name);
  return true;
}

std::string without_colours(std::string_view line) {
  std::string result;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line.substr(at).starts_with("\033[")) {
      auto end = at + 2;
      while (end < line.size() && (is_digit(line[end]) || line[end] == ';')) ++end;
      if (end < line.size() && is_letter(line[end])) {
        at = end;
        continue;
      }
    }
    result += line[at];
  }
  while (!result.empty() && result.back() == '\r') result.pop_back();
  return result;
}

/// Nothing but indentation, "# " and a log level "<6>".
bool is_front(std::string_view text) {
  text.remove_prefix(count_front(text, [](char c) { return c == ' ' || c == '#' || c == '\t'; }));
  if (text.size() >= 3 && text.front() == '<' && text.back() == '>')
    return count_front(text.substr(1), is_digit) == text.size() - 2;
  return text.empty();
}

/// Is it certainly the beginning of a line, not the rest of one?
bool begins_line(std::string_view text) {
  if (read_ktap_line(text).kind != KtapLine::talk) return true;
  text = trim(text);
  return take(text, "#") && directive_at(trim(text)).empty();
}

/// Could it only be the beginning of "not ok"?
bool is_torn_word(std::string_view text) {
  const auto front = count_front(text, [](char c) { return c == ' ' || c == '#'; });
  text.remove_prefix(front);
  return !text.empty() && std::string_view("not ").starts_with(text);
}

/// Puts lines together that the kernel's log has torn: "ok 1 fo[   12.345678] LOG", "o".
class Cleaner {
 public:
  void add(std::string_view raw) {
    const auto line = without_colours(raw.substr(0, longest_line));
    const auto stamp = find_stamp(line);
    if (!stamp) return add_plain(line);
    const auto before = std::string_view(line).substr(0, stamp->begin);
    const auto logged = std::string_view(line).substr(stamp->end);
    if (!is_front(before)) return tear(before);
    log_speaks_ = log_speaks_ || read_ktap_line(logged).kind == KtapLine::version;
    if (log_speaks_)
      add_plain(std::string(before.substr(0, before.find('<'))) + std::string(logged));
  }

  std::vector<std::string> finish() {
    flush();
    return std::move(lines_);
  }

 private:
  void tear(std::string_view head) {
    if (torn_.empty() || (begins_line(head) && !is_torn_word(torn_))) {
      flush();
      torn_ = head;
    } else if (torn_.size() < longest_line) {
      torn_ += head;
    }
  }

  void add_plain(const std::string& line) {
    if (torn_.empty()) {
      lines_.push_back(line);
      return;
    }
    const bool is_whole = begins_line(line) && !is_torn_word(torn_);
    if (!is_whole) torn_ += line;
    flush();
    if (is_whole) lines_.push_back(line);
  }

  void flush() {
    if (!torn_.empty()) lines_.push_back(std::move(torn_));
    torn_.clear();
  }

  std::vector<std::string> lines_;
  std::string torn_;
  bool log_speaks_ = false;
};

}  // namespace

std::string one_line(std::string_view text, std::size_t longest) {
  auto result = support::printable(text.substr(0, longest));
  std::replace(result.begin(), result.end(), '\t', ' ');
  std::replace(result.begin(), result.end(), '\n', ' ');
  return text.size() > longest ? result + "..." : result;
}

KtapLine read_ktap_line(std::string_view line) {
  KtapLine read;
  line = line.substr(0, longest_line);
  std::size_t at = 0;
  for (; at < line.size(); ++at) {
    const bool hash = line[at] == '#' && (at + 1 == line.size() || line[at + 1] == ' ');
    if (!hash && line[at] != ' ' && line[at] != '\t') break;
    if (hash) read.hash = read.column;
    read.is_comment = read.is_comment || hash;
    read.column += line[at] == '\t' ? 4 : 1;
  }
  auto text = trim(line.substr(at));
  if (read_version(text)) {
    read.kind = KtapLine::version;
  } else if (read_plan(text, read)) {
    read.kind = KtapLine::plan;
  } else if (read_result(text, read)) {
    read.kind = KtapLine::result;
  } else if (take(text, "Bail out!")) {
    read.kind = KtapLine::bail_out;
    read.text = one_line(trim(text), longest_text);
  } else {
    read.text = one_line(text, longest_text);
  }
  return read;
}

std::vector<std::string> ktap_lines(std::string_view output) {
  Cleaner cleaner;
  while (!output.empty()) {
    const auto end = output.find('\n');
    cleaner.add(output.substr(0, end));
    if (end == output.npos) break;
    output.remove_prefix(end + 1);
  }
  return cleaner.finish();
}

}  // namespace kmatrix::suite
