// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ftracetest_output.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "support/text.h"

// What one .tc file gives with -vv (tools/testing/selftests/ftrace/ftracetest, run_test):
//
//   [1] DESCRIPTION<the test's stdout, beginning on this line>
//   \t[WORD]
//   execute: FILE                                   only after FAIL and UNDEFINED: the trace
//   + command...
//   [2] (instance)  DESCRIPTION...                  only with "flags: instance"
//
//   # of passed:  1                                 and six more such lines
//
// The summary is the most certain, because nothing of the test's own comes after it; with a single
// run it says everything. With two, each heading's section is searched for its word.
namespace kmatrix::suite {
namespace {

using plan::Outcome;

struct Meaning {
  std::string_view word;     // "\t[PASS]"
  std::string_view summary;  // "# of passed:"
  Outcome outcome;
};
constexpr std::array<Meaning, 7> meanings = {{
    {"PASS", "# of passed:", Outcome::passed},
    {"FAIL", "# of failed:", Outcome::failed},
    {"UNRESOLVED", "# of unresolved:", Outcome::unresolved},
    {"UNTESTED", "# of untested:", Outcome::skipped},
    {"UNSUPPORTED", "# of unsupported:", Outcome::skipped},
    {"XFAIL", "# of xfailed:", Outcome::xfailed},
    {"UNDEFINED", "# of undefined(test bug):", Outcome::failed},
}};

using Lines = std::vector<std::string>;

/// One run of the test: its lines, and where its word stands among them.
struct Run {
  std::string name;
  Lines lines;  // the first one without the heading
  const Meaning* meaning = nullptr;
  std::size_t word_line = 0;  // lines.size() if there is no word
};

std::string without_colours(std::string_view line) {
  std::string result;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line.substr(at).starts_with("\033[")) {
      auto end = at + 2;
      while (end < line.size() && ((line[end] >= '0' && line[end] <= '9') || line[end] == ';'))
        ++end;
      if (end < line.size() && (line[end] == 'm' || line[end] == 'K')) {
        at = end;
        continue;
      }
    }
    result += line[at];
  }
  while (!result.empty() && result.back() == '\r') result.pop_back();
  return result;
}

/// "...\t[WORD]": the word's meaning, or nullptr.
const Meaning* word_at_end(std::string_view line) {
  const auto tab = line.rfind("\t[");
  if (tab == line.npos || !line.ends_with("]")) return nullptr;
  const auto word = line.substr(tab + 2, line.size() - tab - 3);
  const auto found = std::find_if(meanings.begin(), meanings.end(),
                                  [&](const auto& each) { return each.word == word; });
  return found == meanings.end() ? nullptr : &*found;
}

/// Counts of the summary, if all its lines are there.
std::optional<std::array<int, meanings.size()>> parse_summary(const Lines& lines) {
  if (lines.size() < meanings.size()) return std::nullopt;
  for (auto begin = lines.size() - meanings.size() + 1; begin-- > 0;) {
    std::array<int, meanings.size()> counts{};
    std::size_t which = 0;
    for (; which < meanings.size(); ++which) {
      const std::string_view line = lines[begin + which];
      if (!line.starts_with(meanings[which].summary)) break;
      const auto count = support::trim(line.substr(meanings[which].summary.size()));
      if (count != "0" && count != "1" && count != "2") break;
      counts[which] = count[0] - '0';
    }
    if (which == meanings.size()) return counts;
  }
  return std::nullopt;
}

/// Finds a run's word. A failure's word is followed by its trace, any other by nothing.
void find_word(Run& run) {
  run.word_line = run.lines.size();
  for (std::size_t at = 0; at < run.lines.size(); ++at) {
    const auto* meaning = word_at_end(run.lines[at]);
    if (meaning == nullptr) continue;
    run.meaning = meaning;
    run.word_line = at;
    if (at + 1 < run.lines.size() && run.lines[at + 1].starts_with("execute")) return;
  }
}

/// Cuts the output into the runs of the test, as far as it came.
std::vector<Run> cut(const TestFile& file, const Lines& lines) {
  std::vector<Run> runs;
  for (const auto& line : lines) {
    const std::string_view text = line;
    const auto second = text.find("[2] (instance) ");
    if (runs.empty()) {
      const auto at = text.find("[1] ");
      if (at != text.npos) runs.push_back({file.name, {std::string(text.substr(at + 4))}});
    } else if (runs.size() == 1 && file.has_instance_run && second != text.npos) {
      runs.back().lines.emplace_back(text.substr(0, second));
      const auto rest = text.substr(second + std::string_view("[2] (instance) ").size());
      runs.push_back({file.name + " (instance)", {std::string(support::trim(rest))}});
    } else {
      runs.back().lines.push_back(line);
    }
  }
  for (auto& run : runs) {
    auto& first = run.lines.front();
    if (first.starts_with(file.description))
      first.erase(0, file.description.size());
    else if (word_at_end(first) == nullptr)
      first.clear();
    find_word(run);
  }
  return runs;
}

/// Commands of a trace that are never what failed.
bool is_plumbing(std::string_view command) {
  const auto word = command.substr(0, command.find(' '));
  const bool assignment = word.size() == command.size() && word.find('=') != word.npos;
  return assignment || command.starts_with("exit") || command.starts_with("kill -s") ||
         word == "echo" || word == "printf" || command == "set +e";
}

/// "+ command" of a `set -x` trace; nullopt for output.
std::optional<std::string_view> traced_command(std::string_view line) {
  const auto pluses = line.find_first_not_of('+');
  if (pluses == 0 || pluses == line.npos || line[pluses] != ' ') return std::nullopt;
  return support::trim(line.substr(pluses));
}

/// The reason of a failure from its trace, which holds stdout and stderr: what fail() was given,
/// or the last command and what it said on stderr (`run.lines` up to the word are stdout alone).
std::string from_trace(const Run& run) {
  const auto trace =
      run.lines.begin() + static_cast<std::ptrdiff_t>(std::min(run.word_line, run.lines.size()));
  const std::set<std::string_view> known(run.lines.begin(), trace);
  std::string_view last, said;
  for (auto line = trace; line != run.lines.end(); ++line) {
    const auto command = traced_command(*line);
    if (command && command->starts_with("fail "))
      return std::string(support::trim(command->substr(5)));
    if (command && !command->empty() && !is_plumbing(*command)) {
      last = *command;
      said = {};
    } else if (!command && said.empty() && !line->starts_with("# of ") && !known.contains(*line)) {
      said = support::trim(*line);
    }
  }
  if (last.empty()) return {};
  return said.empty() ? fmt::format("failed at: {}", last)
                      : fmt::format("failed at: {}: {}", last, said);
}

/// The last thing that the test said before its word.
std::string last_said(const Run& run) {
  const auto end = std::min(run.word_line + 1, run.lines.size());
  for (auto at = end; at-- > 0;) {
    std::string_view line = run.lines[at];
    if (at == run.word_line) line = line.substr(0, line.rfind("\t["));
    line = support::trim(line);
    if (!line.empty() && !line.starts_with("# of ")) return std::string(line);
  }
  return {};
}

std::string reason(const Run& run) {
  if (run.meaning->outcome == Outcome::passed) return {};
  if (run.meaning->outcome == Outcome::failed) {
    auto traced = from_trace(run);
    if (!traced.empty()) return traced;
  }
  return last_said(run);
}

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 300;
  auto result = support::printable(text.substr(0, longest));
  std::replace(result.begin(), result.end(), '\t', ' ');
  std::replace(result.begin(), result.end(), '\n', ' ');
  return text.size() > longest ? result + "..." : result;
}

Judged unfinished(const Run& run, const Finished& finished) {
  const auto said = last_said(run);
  const auto last = said.empty() ? std::string() : fmt::format("; last line: {}", said);
  if (finished.timed_out)
    return {run.name, Outcome::timed_out, "", shortened("did not end in time" + last)};
  return {run.name, Outcome::unresolved, "",
          shortened(fmt::format("no result in the output, exit code {}{}", finished.code, last))};
}

Judged judge_run(const Run& run, const Finished& finished) {
  if (run.meaning == nullptr) return unfinished(run, finished);
  return {run.name, run.meaning->outcome, std::string(run.meaning->word), shortened(reason(run))};
}

/// Lets the summary overrule what was found for a single run.
void apply_summary(Run& run, const Lines& lines) {
  const auto counts = parse_summary(lines);
  if (!counts) return;
  int sum = 0;
  for (const int count : *counts) sum += count;
  const auto one = std::find(counts->begin(), counts->end(), 1);
  if (sum != 1 || one == counts->end()) return;
  run.meaning = &meanings[static_cast<std::size_t>(one - counts->begin())];
}

}  // namespace

std::vector<Judged> judge_ftracetest(const TestFile& file, const Finished& finished) {
  Lines lines;
  for (const auto& line : support::split_lines(finished.output))
    lines.push_back(without_colours(line));
  auto runs = cut(file, lines);
  if (runs.empty()) {
    runs.push_back({file.name, lines});
    runs.back().word_line = lines.size();
  }
  if (runs.size() == 1 && !file.has_instance_run) apply_summary(runs.front(), lines);
  std::vector<Judged> result;
  result.reserve(runs.size());
  for (const auto& run : runs) result.push_back(judge_run(run, finished));
  const auto is_failure = [](const auto& each) { return each.outcome == Outcome::failed; };
  const bool all_ended =
      std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run.meaning != nullptr; });
  if (!all_ended) return result;
  if (finished.timed_out) {
    result.front().outcome = Outcome::timed_out;
    result.front().message = "did not end in time after its result";
  } else if (finished.code != 0 && std::none_of(result.begin(), result.end(), is_failure)) {
    result.front().outcome = Outcome::unresolved;
    result.front().message =
        fmt::format("said {}, but ended with exit code {}", result.front().raw, finished.code);
  }
  return result;
}

}  // namespace kmatrix::suite
