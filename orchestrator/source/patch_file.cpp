// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/patch_file.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "support/text.h"

namespace kmatrix::source {

namespace {

/// Reads a number from the front of `text`.
std::optional<long> take_number(std::string_view& text) {
  long number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return number;
}

/// "-7,3" or "-7" from the front of `text`: start and count.
std::optional<std::pair<long, long>> take_range(std::string_view& text, char sign) {
  if (!text.starts_with(sign)) return std::nullopt;
  text.remove_prefix(1);
  const auto start = take_number(text);
  if (!start) return std::nullopt;
  if (!text.starts_with(',')) return std::pair(*start, 1L);
  text.remove_prefix(1);
  const auto count = take_number(text);
  if (!count) return std::nullopt;
  return std::pair(*start, *count);
}

/// A name in a header line: up to a tab (behind which diff writes a time), without git's quotes.
std::string_view bare_name(std::string_view text) {
  text = text.substr(0, text.find('\t'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return text;
}

std::string strip_first_folder(std::string_view name) {
  const auto slash = name.find('/');
  return std::string(slash == std::string_view::npos ? name : name.substr(slash + 1));
}

bool is_unsafe(std::string_view name) {
  if (name.starts_with('/')) return true;
  for (bool last = false; !last;) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash);
    if (part == ".." || part == ".git") return true;
    last = slash == std::string_view::npos;
    if (!last) name.remove_prefix(slash + 1);
  }
  return false;
}

class Outliner {
 public:
  PatchOutline read(std::string_view text) {
    for (std::string_view line : support::split_lines(text)) {
      ++line_;
      if (old_left_ > 0 || new_left_ > 0) {
        in_hunk(line);
      } else {
        header(line);
      }
    }
    return std::move(outline_);
  }

 private:
  void in_hunk(std::string_view line) {
    const char kind = line.empty() ? ' ' : line.front();
    if (kind == '+' || kind == ' ' || kind == '\r') --new_left_;
    if (kind == '-' || kind == ' ' || kind == '\r') --old_left_;
  }

  void header(std::string_view line) {
    if (line.starts_with("diff --git ")) {
      begin_git(line.substr(11));
    } else if (line.starts_with("--- ") && line != "--- ") {
      if (!git_header_ || (!outline_.files.empty() && !outline_.files.back().hunks.empty()))
        begin();
      name(line.substr(4), 1, outline_.files.back().old_name);
    } else if (line.starts_with("+++ ") && !outline_.files.empty()) {
      name(line.substr(4), 1, outline_.files.back().new_name);
    } else if (git_header_ &&
               (line.starts_with("rename from ") || line.starts_with("copy from "))) {
      name(line.substr(line.find(" from ") + 6), 0, outline_.files.back().old_name);
    } else if (git_header_ && (line.starts_with("rename to ") || line.starts_with("copy to "))) {
      name(line.substr(line.find(" to ") + 4), 0, outline_.files.back().new_name);
    } else if (line.starts_with("@@ -") && !outline_.files.empty()) {
      hunk(line.substr(3));
    }
  }

  void begin() {
    git_header_ = false;
    outline_.files.push_back({line_, {}, {}, {}});
  }

  /// "a/NAME b/NAME": the two are the same unless rename lines follow, which then say them.
  void begin_git(std::string_view names) {
    begin();
    git_header_ = true;
    if (names.ends_with('\r')) names.remove_suffix(1);
    const auto half = names.size() / 2;
    if (names.size() % 2 == 0 || names[half] != ' ') return;
    name(names.substr(0, half), 1, outline_.files.back().old_name);
    name(names.substr(half + 1), 1, outline_.files.back().new_name);
  }

  void name(std::string_view written, int strip, std::string& into) {
    const auto bare = bare_name(written);
    into.clear();
    if (bare == "/dev/null") return;
    if (is_unsafe(bare)) outline_.unsafe.push_back({line_, std::string(bare)});
    into = strip > 0 ? strip_first_folder(bare) : std::string(bare);
  }

  void hunk(std::string_view ranges) {
    const auto old_range = take_range(ranges, '-');
    if (!old_range || !ranges.starts_with(' ')) return;
    ranges.remove_prefix(1);
    const auto new_range = take_range(ranges, '+');
    if (!new_range || !ranges.starts_with(" @@")) return;
    outline_.files.back().hunks.push_back({line_, old_range->first});
    old_left_ = old_range->second;
    new_left_ = new_range->second;
  }

  PatchOutline outline_;
  int line_ = 0;
  long old_left_ = 0, new_left_ = 0;  ///< lines of the hunk that are still to come
  bool git_header_ = false;
};

/// "NAME:LINE" of "error: patch failed: NAME:LINE".
std::optional<ApplyFailure> failed_hunk(const PatchOutline& outline, std::string_view place) {
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view number = place.substr(colon + 1);
  const auto start = take_number(number);
  const std::string name(place.substr(0, colon));
  if (!start || !number.empty()) return std::nullopt;
  for (const auto& file : outline.files) {
    if (file.old_name != name && file.new_name != name) continue;
    for (std::size_t i = 0; i < file.hunks.size(); ++i)
      if (file.hunks[i].old_start == *start)
        return ApplyFailure{file.hunks[i].line, fmt::format("hunk {} of {} does not apply to {}",
                                                            i + 1, file.hunks.size(), name)};
  }
  return std::nullopt;
}

/// "corrupt patch at line 12", "corrupt patch at x.patch:12" and their like.
int last_number(std::string_view words) {
  const auto digits = words.find_last_not_of("0123456789");
  std::string_view tail = words.substr(digits == std::string_view::npos ? 0 : digits + 1);
  return static_cast<int>(take_number(tail).value_or(0));
}

ApplyFailure other_failure(const PatchOutline& outline, std::string_view words) {
  if (words.starts_with("corrupt patch at"))
    return {last_number(words), "the patch is damaged here"};
  if (words.starts_with("No valid patches in input") || words.starts_with("unrecognized input"))
    return {1, "there is no patch in this file"};
  for (const auto& file : outline.files) {
    for (const auto& name : {file.old_name, file.new_name}) {
      if (name.empty() || words.find(name) == std::string_view::npos) continue;
      if (words == name + ": No such file or directory")
        return {file.line, fmt::format("cannot change {}: the tree has no such file", name)};
      if (words == name + ": already exists in working directory")
        return {file.line, fmt::format("cannot add {}: the tree has it already", name)};
      return {file.line, std::string(words)};
    }
  }
  return {0, std::string(words)};
}

}  // namespace

PatchOutline outline_patch(std::string_view text) { return Outliner().read(text); }

ApplyFailure explain_failure(const PatchOutline& outline, std::string_view git_output) {
  constexpr std::string_view error = "error: ", failed = "patch failed: ";
  std::optional<ApplyFailure> other;
  for (std::string_view line : support::split_lines(git_output)) {
    if (!line.starts_with(error)) continue;
    const auto words = line.substr(error.size());
    if (words.starts_with(failed)) {
      if (auto hunk = failed_hunk(outline, words.substr(failed.size()))) return *hunk;
    }
    if (!other) other = other_failure(outline, words);
  }
  return other.value_or(ApplyFailure{0, "git cannot apply it"});
}

}  // namespace kmatrix::source
