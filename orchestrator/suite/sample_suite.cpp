// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/sample_suite.h"

#include <fmt/format.h>

#include "suite/selection.h"
#include "suite/taint.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

constexpr std::string_view front = "kmatrix-sample: ";

/// What the script says at its end. Before it: "load ok", "seen '...'", "unload ok".
struct Word {
  plan::Outcome outcome = plan::Outcome::unresolved;
  std::string raw, message;
};

std::optional<Word> parse_word(std::string_view line) {
  using plan::Outcome;
  constexpr std::string_view fail = "FAIL", unresolved = "UNRESOLVED";
  line = support::trim(line);
  if (!line.starts_with(front)) return std::nullopt;
  line.remove_prefix(front.size());
  if (line == "PASS") return Word{Outcome::passed, "PASS", ""};
  if (line.starts_with("FAIL ") || line == fail)
    return Word{Outcome::failed, "FAIL", std::string(support::trim(line.substr(fail.size())))};
  if (line.starts_with("UNRESOLVED ") || line == unresolved)
    return Word{Outcome::unresolved, "UNRESOLVED",
                std::string(support::trim(line.substr(unresolved.size())))};
  return std::nullopt;
}

class SampleSuite : public Suite {
 public:
  SampleSuite(const std::vector<std::string>& names, std::chrono::seconds timeout,
              const std::filesystem::path& data)
      : script_(data / "images" / "guest" / "ftrace-sample") {
    for (const auto& name : names) {
      Case each;
      each.name = name;
      each.argv = {"/kmatrix/cell/bin/ftrace-sample", name};
      each.timeout = timeout;
      cases_.push_back(std::move(each));
    }
  }

  std::vector<Needed> needed() const override { return {{script_, "bin/ftrace-sample"}}; }
  const std::vector<Case>& cases() const override { return cases_; }

  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    Word word = last_word(finished);
    const auto taint = new_taint(finished.taint_before, finished.taint_after);
    if (!taint.empty() && word.outcome != plan::Outcome::timed_out) {
      word.message = "tainted: " + taint + (word.message.empty() ? "" : "; " + word.message);
      word.outcome = plan::Outcome::failed;
    }
    return {{which.name, word.outcome, word.raw, word.message}};
  }

 private:
  static Word last_word(const Finished& finished) {
    std::optional<Word> word;
    std::string step = "nothing";
    for (const auto& line : support::split_lines(finished.output)) {
      if (auto found = parse_word(line))
        word = std::move(found);
      else if (line.starts_with(front))
        step = support::printable(line.substr(front.size()));
    }
    if (finished.timed_out)
      return {plan::Outcome::timed_out, "", fmt::format("the last thing that was done: {}", step)};
    if (!word)
      return {
          plan::Outcome::unresolved, "",
          fmt::format("no result in the output (exit code {}; the last thing that was done: {})",
                      finished.code, step)};
    if (word->outcome == plan::Outcome::passed && finished.code != 0)
      return {plan::Outcome::unresolved, word->raw,
              fmt::format("said PASS, but ended with exit code {}", finished.code)};
    word->message = support::printable(word->message);
    return *word;
  }

  std::filesystem::path script_;
  std::vector<Case> cases_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_sample_suite(const spec::Suite& spec,
                                                 const std::filesystem::path& data) {
  auto names = selected(spec, {"ftrace-direct", "ftrace-direct-too", "ftrace-direct-modify",
                               "ftrace-direct-multi", "ftrace-direct-multi-modify"});
  if (!names) return names.error();
  return std::unique_ptr<Suite>(std::make_unique<SampleSuite>(*names, spec.case_timeout, data));
}

}  // namespace kmatrix::suite
