// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "suite/ktap_line.h"
#include "suite/ktap_output.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

using plan::Outcome;

constexpr int skip_code = 4, first_signal = 128, last_signal = 128 + 64;
constexpr std::size_t longest_message = 600;

struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string message;
};

bool is_signal(int code) { return code > first_signal && code <= last_signal; }

std::string code_words(int code) {
  if (is_signal(code)) return fmt::format("exit code {} (signal {})", code, code - first_signal);
  return fmt::format("exit code {}", code);
}

/// The last line that is not empty, and "; last line: " before it.
std::string last_line(const std::string& output, std::string_view front) {
  const std::string_view text = support::trim(output);
  const auto line = support::trim(text.substr(text.rfind('\n') + 1));
  return line.empty() ? "" : std::string(front) + one_line(line, 300);
}

std::string count_words(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "2 of 9 subtests are bad: a, b/c" or "".
std::string bad_words(const Ktap& ktap) {
  constexpr std::size_t most_named = 5;
  std::size_t bad = 0;
  std::vector<std::string> names;
  for (const auto& each : ktap.results) {
    if (!plan::is_bad(each.outcome)) continue;
    if (++bad <= most_named) names.push_back(support::join(each.path, "/"));
  }
  bad += ktap.dropped_bad;
  if (bad == 0) return {};
  if (bad > names.size()) names.emplace_back("...");
  return fmt::format("{} of {} {} bad: {}", bad,
                     count_words(ktap.results.size() + ktap.dropped, "subtest"),
                     bad == 1 ? "is" : "are", support::join(names, ", "));
}

/// What makes the case bad, whatever its exit code; "" if nothing does.
std::string complaint(const Ktap& ktap) {
  std::vector<std::string> parts;
  if (ktap.bailed_out)
    parts.push_back("bailed out" + (ktap.bailed_out->empty() ? "" : ": " + *ktap.bailed_out));
  if (auto bad = bad_words(ktap); !bad.empty()) parts.push_back(std::move(bad));
  return support::join(parts, "; ");
}

std::string missing_words(const Ktap& ktap) {
  if (ktap.missing == 0) return {};
  return fmt::format("{} of {} planned results {} missing", ktap.missing, ktap.planned,
                     ktap.missing == 1 ? "is" : "are");
}

bool has(const Ktap& ktap, Outcome outcome) {
  return std::any_of(ktap.results.begin(), ktap.results.end(),
                     [&](const auto& each) { return each.outcome == outcome; });
}

/// A failure, unless all that is bad about it is time.
Outcome worst_bad(const Ktap& ktap) {
  const bool only_late =
      !ktap.bailed_out && has(ktap, Outcome::timed_out) &&
      std::none_of(ktap.results.begin(), ktap.results.end(), [](const auto& each) {
        return plan::is_bad(each.outcome) && each.outcome != Outcome::timed_out;
      });
  return only_late ? Outcome::timed_out : Outcome::failed;
}

std::string why_skipped(const Ktap& ktap) {
  if (ktap.skipped_all) return *ktap.skipped_all;
  for (auto each = ktap.results.rbegin(); each != ktap.results.rend(); ++each)
    if (each->outcome == Outcome::skipped)
      return each->message.empty() ? each->path.back() : each->message;
  return {};
}

/// What the output says where nothing is bad.
Verdict good_verdict(const Ktap& ktap) {
  if (ktap.skipped_all && ktap.results.empty()) return {Outcome::skipped, *ktap.skipped_all};
  if (ktap.results.empty()) return {Outcome::unresolved, "no result of KTAP in the output"};
  const auto dropped = ktap.dropped == 0
                           ? ""
                           : fmt::format("{} beyond {} were not kept",
                                         count_words(ktap.dropped, "subtest"), Ktap::max_results);
  if (has(ktap, Outcome::passed)) return {Outcome::passed, dropped};
  if (has(ktap, Outcome::xfailed)) return {Outcome::xfailed, dropped};
  return {Outcome::skipped, why_skipped(ktap)};
}

Verdict verdict_on_time(const Ktap& ktap, const Finished& finished) {
  const int code = finished.code;
  const auto bad = complaint(ktap);
  const auto missing = missing_words(ktap);
  if (code == skip_code && bad.empty())
    return {Outcome::skipped, why_skipped(ktap)};  // a plan is often left in the middle then
  if (bad.empty() && (missing.empty() || code != 0 || ktap.results.empty())) {
    auto verdict = good_verdict(ktap);
    if (code == 0) return verdict;
    auto message = (ktap.results.empty() ? "no result, " : "no subtest is bad, but ") +
                   code_words(code) + (missing.empty() ? "" : ", and " + missing);
    if (ktap.results.empty()) message += last_line(finished.output, "; last line: ");
    return {Outcome::failed, message};
  }
  auto message = bad;
  if (!missing.empty()) message += (bad.empty() ? "" : "; ") + missing;
  if (code == 0 || code == skip_code)
    message = fmt::format("{}, but {}", code_words(code), message);
  else if (code != 1)
    message += "; " + code_words(code);
  return {bad.empty() ? Outcome::failed : worst_bad(ktap), message};
}

std::string late_words(const Ktap& ktap) {
  std::size_t ended = ktap.dropped;
  std::string last;
  for (const auto& each : ktap.results) {
    if (each.outcome == Outcome::missing) continue;
    ++ended;
    last = ", the last was " + support::join(each.path, "/");
  }
  return fmt::format("did not end in time; {} had ended{}", count_words(ended, "subtest"), last);
}

Judged timed_out(const std::string& name, std::string message) {
  return {name, Outcome::timed_out, "", std::move(message)};
}

}  // namespace

std::vector<Judged> judge_exit(const std::string& name, const Finished& finished) {
  const auto last = last_line(finished.output, "; last line: ");
  if (finished.timed_out) return {timed_out(name, "did not end in time" + last)};
  const auto raw = std::to_string(finished.code);
  if (finished.code == 0) return {{name, Outcome::passed, raw, ""}};
  if (finished.code == skip_code)
    return {{name, Outcome::skipped, raw, last_line(finished.output, "")}};
  return {{name, Outcome::failed, raw, code_words(finished.code) + last}};
}

std::vector<Judged> judge_ktap(const std::string& name, const Finished& finished) {
  const bool killed = finished.timed_out || is_signal(finished.code);
  auto ktap = parse_ktap(finished.output, killed);
  std::vector<Judged> judged;
  if (finished.timed_out) {
    judged.push_back(timed_out(name, one_line(late_words(ktap), longest_message)));
  } else {
    auto verdict = verdict_on_time(ktap, finished);
    judged.push_back({name, verdict.outcome, std::to_string(finished.code),
                      one_line(verdict.message, longest_message)});
  }
  // A name may hold a '/', so that two paths give the same text.
  std::set<std::string> taken{name};
  std::map<std::string, std::size_t> counts;
  for (auto& each : ktap.results) {
    const auto full = name + "/" + support::join(each.path, "/");
    auto unique = full;
    while (!taken.insert(unique).second) unique = fmt::format("{} ({})", full, ++counts[full] + 1);
    judged.push_back({unique, each.outcome, std::move(each.raw), std::move(each.message)});
  }
  return judged;
}

std::vector<Judged> judge_either(const std::string& name, const Finished& finished) {
  if (!speaks_ktap(finished.output)) return judge_exit(name, finished);
  const auto ktap = parse_ktap(finished.output);
  if (!ktap.results.empty() || ktap.bailed_out || ktap.skipped_all)
    return judge_ktap(name, finished);
  // Some tests print a plan, but no results of KTAP (kcmp_test).
  auto judged = judge_exit(name, finished);
  if (judged[0].message.empty()) judged[0].message = missing_words(ktap);
  return judged;
}

}  // namespace kmatrix::suite
