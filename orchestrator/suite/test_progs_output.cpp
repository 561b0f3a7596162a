// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/test_progs_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "suite/kernel_log.h"
#include "suite/taint.h"
#include "support/text.h"

namespace kmatrix::suite {

namespace {

using plan::Outcome;
using support::is_digit;

constexpr int enotsupp = 524;
constexpr std::size_t longest_bpf_message = 300, longest_subtest = 200, most_subtests = 10'000,
                      most_left = 20;
constexpr int exit_no_test = 2, exit_setup = 3;

/// What images/guest/bpf-test says of what a test left behind.
constexpr std::string_view left_mark = "kmatrix-bpf: LEFT ";

/// Taints that come with loading bpf_testmod: out of tree (12), unsigned (13), test (18).
constexpr std::uint64_t expected_taints = 1U << 12 | 1U << 13 | 1U << 18;

struct NamedError {
  std::string_view name;
  int number;
};
constexpr std::array<NamedError, 20> named_errors = {
    {{"ENOTSUPP", enotsupp}, {"EOPNOTSUPP", 95}, {"EPERM", 1},   {"ENOENT", 2},
     {"ESRCH", 3},           {"EINTR", 4},       {"EIO", 5},     {"E2BIG", 7},
     {"EBADF", 9},           {"EAGAIN", 11},     {"ENOMEM", 12}, {"EACCES", 13},
     {"EFAULT", 14},         {"EBUSY", 16},      {"EEXIST", 17}, {"ENODEV", 19},
     {"EINVAL", 22},         {"ENOSPC", 28},     {"ENOSYS", 38}, {"ETIMEDOUT", 110}}};

bool is_upper(char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); }

/// The number at the begin of `text`; nothing if there is none or it is no errno.
std::optional<int> number_at(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 1 || number > 4095) return std::nullopt;
  return number;
}

/// "-ENOTSUPP", "-524": of a line that is about an error.
std::optional<int> negative_error(std::string_view line) {
  for (auto at = line.find('-'); at != std::string_view::npos; at = line.find('-', at + 1)) {
    if (at > 0 && (std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0)) continue;
    const auto rest = line.substr(at + 1);
    for (const auto& each : named_errors)
      if (rest.starts_with(each.name) &&
          (rest.size() == each.name.size() || !is_upper(rest[each.name.size()])))
        return each.number;
    if (const auto number = number_at(rest)) return number;
  }
  return std::nullopt;
}

std::optional<int> error_of(std::string_view line) {
  constexpr std::string_view word = "errno ";
  const bool libbpf = line.starts_with("libbpf: ");
  const bool assertion = line.find(":FAIL:") != std::string_view::npos;
  if (!libbpf && !assertion) return std::nullopt;
  // -1 is what a system call returns, and says no more than that errno has more to say.
  if (const auto number = negative_error(line); number && number != 1) return number;
  const auto at = line.rfind(word);
  if (at == std::string_view::npos) return std::nullopt;
  return number_at(line.substr(at + word.size()));
}

struct Word {
  Outcome outcome;
  std::string raw;
};

/// The result at the end of "NAME:RESULT", which is cut off; nothing if there is none.
std::optional<Word> take_result(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, Outcome>, 4> words = {
      {{":OK", Outcome::passed},
       {":FAIL", Outcome::failed},
       {":SKIP", Outcome::skipped},
       {":SKIP (not built)", Outcome::blocked}}};
  for (const auto& [word, outcome] : words)
    if (text.ends_with(word)) {
      text.remove_suffix(word.size());
      return Word{outcome, std::string(word.substr(1))};
    }
  constexpr std::string_view some = ":OK (SKIP: ";
  const auto at = text.rfind(some);
  if (at == std::string_view::npos || !text.ends_with(')')) return std::nullopt;
  Word word{Outcome::passed, std::string(text.substr(at + 1))};
  text = text.substr(0, at);
  return word;
}

struct Line {
  std::string name;  ///< "TEST" or "TEST/SUBTEST"
  Word word;
};

/// A result line, which may come behind something without a newline: "#12/3   NAME/SUB:OK".
std::optional<Line> parse_line(std::string_view line, const std::string& test) {
  line = support::trim(line);
  for (auto at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    auto rest = line.substr(at + 1);
    const auto digits = rest.find_first_not_of("0123456789/");
    if (digits == 0 || digits == std::string_view::npos || !is_digit(rest.front())) continue;
    rest = support::trim(rest.substr(digits));
    if (!rest.starts_with(test)) continue;
    const auto word = take_result(rest);
    if (word && (rest.size() <= test.size() ? rest == test : rest[test.size()] == '/'))
      return Line{support::printable(rest.substr(0, longest_subtest)), *word};
  }
  return std::nullopt;
}

/// What a failure says of itself: the first assertion, else the first line of libbpf about it.
std::string cause_in(const std::vector<std::string>& lines) {
  std::string cause;
  for (const auto& line : lines) {
    const bool assertion = line.find(":FAIL:") != std::string::npos;
    const bool libbpf = line.starts_with("libbpf: ") && line.find("fail") != std::string::npos;
    if (assertion || (libbpf && cause.empty())) cause = line;
    if (assertion) break;
  }
  if (cause.size() > longest_bpf_message) cause.resize(longest_bpf_message);
  return support::printable(cause);
}

/// "test_lbr:SKIP:no hardware breakpoints": why, if the test has said so.
std::string skip_reason_in(const std::vector<std::string>& lines) {
  constexpr std::string_view word = ":SKIP:";
  for (const auto& line : lines)
    if (const auto at = line.find(word); at != std::string::npos)
      return support::printable(support::trim(line.substr(at + word.size(), longest_bpf_message)));
  return {};
}

/// The output of one process, line by line.
class Reading {
 public:
  Reading(const std::string& test, const Finished& finished) : test_(test), finished_(finished) {
    auto lines = lines_without_log(finished.output);
    // A last line that was cut off is no result: it might have gone on.
    const bool cut = !lines.empty() && !finished.output.ends_with('\n');
    if (cut) cut_ = std::move(lines.back());
    if (cut) lines.pop_back();
    for (auto& line : lines) take(std::move(line));
    error_ = errno_in(finished.output);
  }

  std::vector<Judged> judge() {
    std::vector<Judged> all{test()};
    for (auto& each : subtests_) all.push_back(std::move(each));
    return all;
  }

 private:
  void take(std::string line) {
    if (line.starts_with(left_mark)) {
      if (left_.size() < most_left)
        left_.push_back(support::printable(line.substr(left_mark.size(), longest_subtest)));
      return;
    }
    section_.push_back(std::move(line));
    const auto found = parse_line(section_.back(), test_);
    if (!found) return;
    if (found->name == test_) {
      // Behind the logs of failed tests the same results come again.
      if (!own_) own_ = found->word;
      if (cause_.empty()) cause_ = cause_in(section_);
      if (skip_reason_.empty()) skip_reason_ = skip_reason_in(section_);
    } else {
      add_subtest(*found);
    }
    section_.clear();
  }

  void add_subtest(const Line& line) {
    if (subtests_.size() == most_subtests || !names_.insert(line.name).second) return;
    Judged judged{line.name, line.word.outcome, line.word.raw, ""};
    if (judged.outcome == Outcome::failed) {
      std::string text;
      for (const auto& each : section_) text += each + "\n";
      judged.message = cause_in(section_);
      judged.error = errno_in(text);
      if (cause_.empty()) cause_ = judged.message;
    }
    if (judged.outcome == Outcome::skipped) {
      judged.message = skip_reason_in(section_);
      if (skip_reason_.empty()) skip_reason_ = judged.message;
    }
    subtests_.push_back(std::move(judged));
  }

  Judged test() const {
    Judged judged{test_, Outcome::unresolved, own_ ? own_->raw : "", ""};
    if (finished_.timed_out) {
      judged.outcome = Outcome::timed_out;
      judged.message = own_ ? "it did not end in time after its result"
                       : subtests_.empty()
                           ? "it did not end"
                           : "it did not end; the last subtest that did: " + subtests_.back().name;
      return judged;
    }
    judge_end(judged);
    if (judged.outcome == Outcome::failed || judged.outcome == Outcome::unresolved)
      judged.error = error_;
    add_marks(judged);
    return judged;
  }

  void judge_end(Judged& judged) const {
    const bool good_code = finished_.code == 0;
    const auto code = fmt::format("exit code {}", finished_.code);
    if (!own_) {
      judged.message = why_no_result(code);
      return;
    }
    judged.outcome = own_->outcome;
    if (own_->outcome == Outcome::failed) {
      judged.message = cause_.empty() ? code : cause_;
    } else if (!good_code && own_->outcome != Outcome::blocked) {
      judged.outcome = Outcome::unresolved;
      judged.message = "said " + own_->raw + ", but ended with " + code;
    } else if (own_->outcome == Outcome::blocked) {
      judged.message = "test_progs was built without it";
    } else if (own_->outcome == Outcome::skipped) {
      judged.message = skip_reason_;
    }
  }

  std::string why_no_result(const std::string& code) const {
    const auto says = [](const std::string& line) { return line.starts_with("Summary: "); };
    const bool has_summary = std::any_of(section_.begin(), section_.end(), says);
    if (finished_.code == exit_no_test && has_summary)
      return "test_progs has no test of this name, or it ran nothing (exit code 2)";
    if (finished_.code == exit_setup)
      return "test_progs could not set up what its tests need (exit code 3)";
    const auto& last = !cut_.empty() || section_.empty() ? cut_ : section_.back();
    const auto text = support::printable(std::string_view(last).substr(0, longest_bpf_message));
    return "no result in the output (" + code + ")" + (text.empty() ? "" : "; last line: " + text);
  }

  void add_marks(Judged& judged) const {
    const auto add = [&](const std::string& text) {
      judged.message += (judged.message.empty() ? "" : "; ") + text;
    };
    const auto taint = new_taint(finished_.taint_before, finished_.taint_after & ~expected_taints);
    if (!taint.empty()) add("tainted: " + taint);
    if (!left_.empty()) add("left behind: " + support::join(left_, ", "));
    judged.spoils = !taint.empty() || !left_.empty();
  }

  const std::string& test_;
  const Finished& finished_;
  std::vector<std::string> section_;  ///< lines since the last result
  std::string cut_;                   ///< the beginning of a last line
  std::optional<Word> own_;
  std::string cause_, skip_reason_;
  std::vector<Judged> subtests_;
  std::set<std::string> names_;  ///< of the subtests
  std::vector<std::string> left_;
  int error_ = 0;
};

}  // namespace

int errno_in(std::string_view output) {
  int first = 0;
  for (const auto& line : support::split_lines(output)) {
    const auto error = error_of(line);
    if (error == enotsupp) return enotsupp;
    if (error && first == 0) first = *error;
  }
  return first;
}

std::vector<Judged> judge_test_progs(const std::string& test, const Finished& finished) {
  return Reading(test, finished).judge();
}

}  // namespace kmatrix::suite
