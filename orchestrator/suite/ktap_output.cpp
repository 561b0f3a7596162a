// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ktap_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "suite/ktap_line.h"
#include "support/text.h"

// Subtests stand before the result that they belong to, further to the right: indented (KUnit, two
// or four spaces), or behind "# " (kselftest's runner puts that before all that a test prints):
//
//   KTAP version 1                        TAP version 13
//   1..1                                  1..1
//     KTAP version 1                      # selftests: timers: posix_timers
//     1..2                                # TAP version 13
//     ok 1 a                              # 1..2
//     not ok 2 b                          # ok 1 a
//   not ok 1 parent                       # not ok 2 b
//                                         not ok 1 selftests: timers: posix_timers # exit=1
//
// So there is a stack of levels, each with its column. A line further to the left closes the levels
// to its right; what they hold waits for the next result of the level below, whose subtests they
// are. A comment that looks like a result is common, so one opens a level only with a version line,
// a plan or a number 1.
namespace kmatrix::suite {
namespace {

using plan::Outcome;

constexpr std::size_t most_right = 32;  // columns; so there are at most 17 levels

struct Node {
  std::string name;
  Outcome outcome = Outcome::failed;
  std::string raw, message;
  std::vector<Node> subtests;
};

/// What closed levels leave for the result that they belong to.
struct Waiting {
  std::vector<Node> subtests;
  std::string problem;  // that makes their parent fail; or none
  std::string reason;   // of a plan that skips everything
};

struct Level {
  std::size_t step = 0;  // column / 2
  std::vector<Node> results;
  Waiting waiting;
  std::string next_name;  // what the next result will be called, as far as it was announced
  std::optional<std::size_t> planned;
  std::size_t came = 0;  // since the version line or plan
  bool declared = false;
  std::size_t all_planned = 0, all_missing = 0;
  std::optional<std::string> bailed_out, skipped_all;

  /// Counts what is missing, at the end of a plan's results. A program may print several.
  void end_plan() {
    if (planned && *planned > came) all_missing += *planned - came;
    all_planned += planned.value_or(0);
    came -= std::min(came, planned.value_or(came));
    planned.reset();
  }

  /// A plan stands before its results or after them.
  void plan(std::size_t number) {
    if (planned && came == 0) planned.reset();  // said twice
    if (planned) end_plan();
    planned = number;
    declared = true;
  }
};

void add_problem(std::string& to, const std::string& problem) {
  if (problem.empty() || to.size() > 300) return;
  to += (to.empty() ? "" : "; ") + problem;
}

std::string missing_words(std::size_t missing, std::size_t planned) {
  if (missing == 0) return {};
  return fmt::format("{} of {} planned results {} missing", missing, planned,
                     missing == 1 ? "is" : "are");
}

/// The comments before a failed result: why it failed, as far as one can tell.
class Reason {
 public:
  void add(const std::string& said) {
    if (said.empty() || is_decoration(said)) return;
    if (telling_.empty() && tells_why(said)) telling_ = said;
    last_ = said;
  }
  std::string take() {
    auto reason = telling_.empty() ? std::move(last_) : std::move(telling_);
    telling_.clear();
    last_.clear();
    return reason;
  }

 private:
  static bool tells_why(std::string_view text) {
    constexpr std::array<std::string_view, 4> words = {"xpected", "EXPECTATION", "ASSERTION",
                                                       "ssertion"};
    return std::any_of(words.begin(), words.end(),
                       [&](auto word) { return text.find(word) != text.npos; });
  }
  /// What the harnesses of selftests and KUnit print around each test.
  static bool is_decoration(std::string_view text) {
    constexpr std::array<std::string_view, 12> fronts = {
        "RUN ",    "OK ",       "FAIL ",       "SKIP ",    "XFAIL ",         "Totals:",
        "PASSED:", "Starting ", "selftests: ", "Subtest:", "timeout set to", "FAILED:"};
    return std::any_of(fronts.begin(), fronts.end(),
                       [&](auto front) { return text.starts_with(front); });
  }
  std::string telling_, last_;
};

constexpr std::string_view subtest = "Subtest: ";

/// The name that a comment announces for the next result; "" if it does not.
std::string announced(std::string_view text) {
  constexpr std::string_view run = "RUN ";
  if (text.starts_with("selftests: ")) return std::string(text);
  if (text.starts_with(subtest)) return std::string(support::trim(text.substr(subtest.size())));
  if (text.starts_with(run) && text.ends_with(" ..."))
    return std::string(support::trim(text.substr(run.size(), text.size() - run.size() - 4)));
  return {};
}

Outcome outcome_of(const KtapLine& line) {
  const auto plain = line.good ? Outcome::passed : Outcome::failed;
  if (line.directive == "SKIP") return Outcome::skipped;
  if (line.directive == "TIMEOUT") return Outcome::timed_out;
  if (line.directive == "XFAIL") return Outcome::xfailed;
  if (line.directive == "XPASS") return Outcome::failed;
  if (line.directive == "TODO" && !line.good) return Outcome::xfailed;
  return plain;
}

std::string raw_of(const KtapLine& line) {
  return std::string(line.good ? "ok" : "not ok") +
         (line.directive.empty() ? "" : " # " + line.directive);
}

class Parser {
 public:
  void add(const KtapLine& line) {
    if (line.kind == KtapLine::talk || !is_accepted(line)) return talk(line);
    if (line.kind == KtapLine::bail_out) return bail_out(line);
    auto& level = level_at(step_of(line));
    if (line.kind == KtapLine::version) {
      level.end_plan();
      level.came = 0;
      level.declared = true;
    } else if (line.kind == KtapLine::plan) {
      level.plan(*line.number);
      if (*line.number == 0 && line.directive == "SKIP") level.skipped_all = line.text;
    } else {
      add_result(level, line);
    }
  }

  Ktap finish();

 private:
  static std::size_t step_of(const KtapLine& line) { return std::min(line.column, most_right) / 2; }

  /// The innermost level that is not right of `step`.
  Level* level_left_of(std::size_t step) {
    for (auto at = levels_.rbegin(); at != levels_.rend(); ++at)
      if (at->step <= step) return &*at;
    return nullptr;
  }

  bool is_accepted(const KtapLine& line) {
    if (line.kind != KtapLine::result) return !line.is_comment || !levels_.empty();
    const auto* level = level_left_of(step_of(line));
    const bool is_open = level != nullptr && level->step == step_of(line);
    if (!line.number) return (is_open && level->declared) || (line.has_dash && !line.is_comment);
    return !line.is_comment || is_open || (level != nullptr && line.number == 1U);
  }

  /// Closes all levels right of `step`, and opens one there if there is none.
  Level& level_at(std::size_t step) {
    Waiting left;
    while (!levels_.empty() && levels_.back().step > step) left = close(std::move(left));
    if (levels_.empty() || levels_.back().step < step) levels_.emplace_back().step = step;
    wait(levels_.back(), std::move(left));
    return levels_.back();
  }

  static void wait(Level& level, Waiting more) {
    auto& waiting = level.waiting;
    std::move(more.subtests.begin(), more.subtests.end(), std::back_inserter(waiting.subtests));
    add_problem(waiting.problem, more.problem);
    if (waiting.reason.empty()) waiting.reason = std::move(more.reason);
  }

  /// Takes the last level away; `inner` is what the one right of it has left.
  Waiting close(Waiting inner) {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    wait(level, std::move(inner));
    end(level);
    Waiting left;
    if (level.bailed_out) left.problem = "bailed out: " + *level.bailed_out;
    // Some tests print a plan, but no results of KTAP (kcmp_test): then the parent's is all there
    // is.
    if (!level.skipped_all && !level.results.empty())
      add_problem(left.problem, missing_words(level.all_missing, level.all_planned));
    left.reason = level.skipped_all.value_or("");
    left.subtests = std::move(level.results);
    return left;
  }

  /// Subtests whose parent never came get one.
  void end(Level& level) {
    level.end_plan();
    if (level.waiting.subtests.empty() && level.waiting.problem.empty()) return;
    const auto name = level.next_name.empty() ? "(unfinished)" : level.next_name;
    auto message = level.waiting.problem;
    add_problem(message, "has no result of its own");
    store(level, {name, Outcome::missing, "", message, std::move(level.waiting.subtests)});
  }

  void add_result(Level& level, const KtapLine& line) {
    ++level.came;
    Node node;
    auto why = reason_.take();
    auto waiting = std::exchange(level.waiting, {});
    const auto announced_name = std::exchange(level.next_name, {});
    node.name = line.name;
    for (const auto& other : {announced_name, line.text})
      if (node.name.empty()) node.name = other;
    if (node.name.empty()) node.name = fmt::format("test {}", line.number.value_or(level.came));
    node.outcome = outcome_of(line);
    node.raw = raw_of(line);
    node.message = line.text.empty() ? waiting.reason : line.text;
    node.subtests = std::move(waiting.subtests);
    const bool tells = node.outcome != Outcome::passed && node.outcome != Outcome::skipped;
    if (!waiting.problem.empty()) {
      if (!plan::is_bad(node.outcome) && node.outcome != Outcome::skipped)
        node.outcome = Outcome::failed;
      add_problem(node.message, waiting.problem);
    } else if (node.message.empty() && node.subtests.empty() && tells) {
      node.message = std::move(why);
    }
    store(level, std::move(node));
  }

  void store(Level& level, Node node) {
    if (stored_ < Ktap::max_results) {
      ++stored_;
      level.results.push_back(std::move(node));
      return;
    }
    ++dropped_;
    if (plan::is_bad(node.outcome)) ++dropped_bad_;
    // Its subtests were stored before: they stay, one level higher.
    std::move(node.subtests.begin(), node.subtests.end(), std::back_inserter(level.results));
  }

  void bail_out(const KtapLine& line) {
    const auto step = step_of(line);
    auto* level = level_left_of(step);
    if (level == nullptr) level = &level_at(step);
    if (level->step == step)
      level->bailed_out = line.text;
    else
      add_problem(level->waiting.problem, "bailed out: " + line.text);
  }

  void talk(const KtapLine& line) {
    reason_.add(line.kind == KtapLine::result ? line.name : line.text);
    if (!line.is_comment) return;
    const auto name = announced(line.text);
    if (name.empty()) return;
    // KUnit says it inside of the level whose parent it names.
    const auto step = std::min(line.hash, most_right) / 2;
    const bool is_parent = line.text.starts_with(subtest);
    if (is_parent && step == 0) return;
    if (auto* level = level_left_of(is_parent ? step - 1 : step)) level->next_name = name;
  }

  std::vector<Level> levels_;
  Reason reason_;
  std::size_t stored_ = 0, dropped_ = 0, dropped_bad_ = 0;
};

/// Gives nodes of one parent different names: a repeated one gets " (2)".
void tell_apart(std::vector<Node>& nodes) {
  std::map<std::string, std::size_t> counts;
  std::set<std::string> taken;
  for (auto& node : nodes) {
    const auto name = node.name;
    auto& count = counts[name];
    while (!taken.insert(node.name).second) node.name = fmt::format("{} ({})", name, ++count + 1);
  }
}

/// Adds the results of `nodes` to `into`; true if one of them is bad.
bool flatten(std::vector<Node>& nodes, std::vector<std::string>& path,
             std::vector<KtapResult>& into) {
  tell_apart(nodes);
  bool any_bad = false;
  for (auto& node : nodes) {
    path.push_back(node.name);
    const bool is_bad = plan::is_bad(node.outcome);
    const bool has_bad = flatten(node.subtests, path, into);
    if (node.subtests.empty() || (is_bad && !has_bad))
      into.push_back({path, node.outcome, std::move(node.raw), std::move(node.message)});
    path.pop_back();
    any_bad = any_bad || is_bad || has_bad;
  }
  return any_bad;
}

Ktap Parser::finish() {
  Ktap ktap;
  Waiting left;
  while (levels_.size() > 1) left = close(std::move(left));
  if (levels_.empty()) return ktap;
  auto& level = levels_.front();
  wait(level, std::move(left));
  end(level);
  ktap.planned = level.all_planned;
  ktap.missing = level.skipped_all ? 0 : level.all_missing;
  ktap.dropped = dropped_;
  ktap.dropped_bad = dropped_bad_;
  ktap.bailed_out = std::move(level.bailed_out);
  ktap.skipped_all = std::move(level.skipped_all);
  std::vector<std::string> path;
  flatten(level.results, path, ktap.results);
  return ktap;
}

}  // namespace

Ktap parse_ktap(std::string_view output, bool torn) {
  if (torn) output = output.substr(0, output.rfind('\n') + 1);
  Parser parser;
  for (const auto& line : ktap_lines(output)) parser.add(read_ktap_line(line));
  return parser.finish();
}

bool speaks_ktap(std::string_view output) {
  for (const auto& text : ktap_lines(output)) {
    const auto line = read_ktap_line(text);
    if (!line.is_comment && (line.kind == KtapLine::version || line.kind == KtapLine::plan))
      return true;
  }
  return false;
}

}  // namespace kmatrix::suite
