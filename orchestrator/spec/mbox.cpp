// SPDX-License-Identifier: GPL-2.0-or-later
// Where a mail of an mbox begins is a matter of taste: "From " at the start of a line is the sign,
// and the writers disagree about such lines in a mail. git and b4 write them as they are, so a sign
// counts only after an empty line, with a date in it, and before a line of a mail's header;
// public-inbox ("From mboxrd@z") puts a '>' in front of them, which is taken off again.
#include "spec/mbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

#include "spec/mail.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t most_mails = 2'000;
constexpr std::size_t longest_title = 100;

bool has_digit(std::string_view text, std::size_t at) {
  return at < text.size() && support::is_digit(text[at]);
}

/// "From SOMEBODY Thu Jan  1 00:00:00 1970", by the rule of git's mailsplit.
bool is_from_line(std::string_view line) {
  if (!line.starts_with("From ") || line.size() < 20) return false;
  const auto colon = line.rfind(':');
  if (colon == std::string_view::npos || colon < 9) return false;
  if (!has_digit(line, colon - 4) || !has_digit(line, colon - 2) || !has_digit(line, colon - 1) ||
      !has_digit(line, colon + 1) || !has_digit(line, colon + 2))
    return false;
  const auto year = support::trim(line.substr(colon + 3));
  return year.size() >= 4 && has_digit(year, 0) && has_digit(year, 3);
}

/// One mail as it stands in the file; `line` is that of its first header.
struct RawMail {
  std::string text;
  int line = 1;
};

/// ">From " at the start of a line, also with more of them, loses one.
std::string unescape_from(const std::string& text) {
  std::string result;
  for (const auto& line : support::split_lines(text)) {
    const auto quoted = line.find_first_not_of('>');
    const bool escaped = quoted != std::string::npos && quoted > 0 &&
                         std::string_view(line).substr(quoted).starts_with("From ");
    result += (escaped ? line.substr(1) : line) + "\n";
  }
  return result;
}

std::vector<RawMail> split_mails(const std::string& text) {
  const auto lines = support::split_lines(text);
  std::vector<RawMail> mails;
  bool escaped = false;
  const auto finish = [&] {
    if (escaped && !mails.empty()) mails.back().text = unescape_from(mails.back().text);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_from_line(lines[i]) && i + 1 < lines.size() && is_header_line(lines[i + 1]) &&
        mails.size() < most_mails) {
      finish();
      escaped = lines[i].starts_with("From mboxrd@");
      mails.push_back({"", static_cast<int>(i) + 2});
      continue;
    }
    if (mails.empty()) mails.push_back({"", 1});
    mails.back().text += lines[i] + "\n";
  }
  finish();
  return mails;
}

/// n and m of "[PATCH v2 n/m] title".
struct Number {
  int number = 0, count = 0;
};

std::optional<Number> number_in(std::string_view tag) {
  const auto slash = tag.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  auto begin = slash;
  while (begin > 0 && has_digit(tag, begin - 1)) --begin;
  Number result;
  const auto* const end = tag.data() + tag.size();
  const auto first = std::from_chars(tag.data() + begin, tag.data() + slash, result.number);
  const auto second = std::from_chars(tag.data() + slash + 1, end, result.count);
  if (first.ec != std::errc() || second.ec != std::errc()) return std::nullopt;
  return result;
}

/// A subject without the "[...]" in front of it, and the number that one of them has.
struct Subject {
  std::string title;
  std::optional<Number> number;
};

Subject take_apart(std::string_view subject) {
  Subject result;
  for (subject = support::trim(subject); subject.starts_with('[');) {
    const auto end = subject.find(']');
    if (end == std::string_view::npos) break;
    if (!result.number) result.number = number_in(subject.substr(1, end - 1));
    subject = support::trim(subject.substr(end + 1));
  }
  result.title = subject.substr(0, longest_title);
  return result;
}

struct PatchMail {
  Patch patch;
  std::optional<Number> number;
};

/// Where the first diff begins, and on which line from 1; npos if there is none.
struct DiffStart {
  std::size_t offset = std::string::npos;
  int line = 1;
};

DiffStart find_diff(std::string_view text) {
  DiffStart start;
  for (std::size_t at = 0; at < text.size(); ++start.line) {
    const auto line = text.substr(at);
    const auto end = std::min(line.find('\n'), line.size());
    const bool plain =
        line.starts_with("--- ") && line.substr(std::min(end + 1, line.size())).starts_with("+++ ");
    if (plain || line.starts_with("diff --git ")) {
      start.offset = at;
      return start;
    }
    at += end + 1;
  }
  return start;
}

class Reader {
 public:
  Reader(std::filesystem::path file, Problems& problems)
      : file_(std::move(file)), problems_(problems) {}

  /// nullopt: not a patch, or reported.
  std::optional<PatchMail> read(const RawMail& raw) {
    const Location at{file_.string(), raw.line, 0};
    Mail mail;
    if (is_header_line(raw.text) && !raw.text.starts_with("Index: ")) {
      auto parsed = parse_mail(raw.text, at);
      if (!parsed) return report(parsed.error());
      mail = std::move(*parsed);
    } else {
      mail.body = raw.text;
    }
    const auto subject = take_apart(mail.subject);
    PatchMail result{{}, subject.number};
    if (is_reply(mail.subject) || (result.number && result.number->number == 0))
      return std::nullopt;
    const auto diff = find_diff(mail.body);
    if (diff.offset == std::string::npos) {
      if (!result.number) return std::nullopt;
      return report(support::input_error(
          fmt::format("mail {} has no patch", quote(mail.subject, longest_title)), at));
    }
    result.patch = {file_, mail.body.substr(diff.offset)};
    result.patch.kind = Patch::mail;
    result.patch.title = subject.title;
    result.patch.first_line =
        mail.recoded ? raw.line : raw.line + mail.body_line - 1 + diff.line - 1;
    return result;
  }

 private:
  static bool is_reply(std::string_view subject) {
    return subject.size() >= 3 && (subject[0] == 'R' || subject[0] == 'r') &&
           (subject[1] == 'e' || subject[1] == 'E') && subject[2] == ':';
  }

  std::nullopt_t report(Error error) {
    problems_.add(std::move(error));
    return std::nullopt;
  }

  std::filesystem::path file_;
  Problems& problems_;
};

/// By number, as far as there are numbers. Reports numbers that do not make one series.
class Ordering {
 public:
  explicit Ordering(Problems& problems) : problems_(problems) {}

  /// `complete`: no mail is left out because it could not be read.
  std::vector<Patch> order(std::vector<PatchMail> mails, bool complete) {
    const auto numbered = std::count_if(
        mails.begin(), mails.end(), [](const PatchMail& mail) { return mail.number.has_value(); });
    std::vector<Patch> patches;
    if (numbered == 0) {
      for (auto& mail : mails) patches.push_back(std::move(mail.patch));
      return patches;
    }
    for (auto& mail : mails) add(std::move(mail));
    if (complete) report_missing();
    for (auto& [number, mail] : by_number_) patches.push_back(std::move(mail.patch));
    return patches;
  }

 private:
  static Location place(const PatchMail& mail) {
    return {mail.patch.path.string(), mail.patch.first_line, 0};
  }

  void add(PatchMail mail) {
    const auto at = place(mail);
    if (!mail.number)
      return problems_.add(at,
                           fmt::format("patch {} has no number, but others of this file have",
                                       quote(mail.patch.title, longest_title)),
                           one_series);
    const auto [number, count] = *mail.number;
    if (count_ == 0) count_ = count;
    if (count != count_)
      return problems_.add(
          at,
          fmt::format("patch {}/{} is of another series than those of {}", number, count, count_),
          one_series);
    if (number > count)
      return problems_.add(at, fmt::format("there cannot be a patch {}/{}", number, count));
    const auto [found, is_new] = by_number_.try_emplace(number, mail);
    if (!is_new)
      problems_.add(at,
                    fmt::format("patch {}/{} is there twice, first on line {}", number, count,
                                found->second.patch.first_line),
                    one_series);
  }

  void report_missing() {
    std::vector<std::string> missing;
    for (int number = 1; number <= count_ && missing.size() < 20; ++number)
      if (by_number_.count(number) == 0) missing.push_back(std::to_string(number));
    if (missing.empty() || by_number_.empty()) return;
    const auto file = by_number_.begin()->second.patch.path.string();
    problems_.add(
        {file, 0, 0},
        fmt::format("{} {} of {} {} missing", missing.size() == 1 ? "patch" : "patches",
                    support::join(missing, ", "), count_, missing.size() == 1 ? "is" : "are"),
        "`b4 am` fetches a whole series");
  }

  static constexpr const char* one_series =
      "one series a file, and one version of it: `b4 am` writes it so";

  Problems& problems_;
  std::map<int, PatchMail> by_number_;
  int count_ = 0;
};

}  // namespace

std::vector<Patch> parse_mbox(const std::string& text, const std::filesystem::path& file,
                              const Location& at, Problems& problems) {
  const bool compressed = text.starts_with("\x1f\x8b");
  Reader reader(file, problems);
  std::vector<PatchMail> mails;
  const auto known = problems.count();
  if (!compressed)
    for (const auto& raw : split_mails(text))
      if (auto mail = reader.read(raw)) mails.push_back(std::move(*mail));
  const bool complete = problems.count() == known;
  if (mails.empty() && complete)
    problems.add(at, fmt::format("there is no patch in {}", quote(file.string(), 300)),
                 compressed ? "it is compressed: gunzip it first"
                            : "an mbox as `b4 am` writes it, or one patch, is expected");
  return Ordering(problems).order(std::move(mails), complete);
}

}  // namespace kmatrix::spec
