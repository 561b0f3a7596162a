// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/words.h"
#include "support/digest.h"
#include "support/text.h"

namespace kmatrix::bundle {

using nlohmann::ordered_json;
using report::line_of;
using report::Piece;
using report::Tone;

namespace {

constexpr std::size_t few_cases = 20;

/// "failed", "3 failed, 1 passed" in the order of their first one; "-" for none.
std::string counted(const std::vector<std::string>& outcomes) {
  std::vector<std::string> order;
  for (const auto& each : outcomes)
    if (std::find(order.begin(), order.end(), each) == order.end()) order.push_back(each);
  if (order.empty()) return "-";
  if (outcomes.size() == 1) return order.front();
  for (auto& each : order)
    each = fmt::format("{} {}", std::count(outcomes.begin(), outcomes.end(), each), each);
  return support::join(order, ", ");
}

Tone tone_of(const std::vector<std::string>& outcomes) {
  const bool bad = std::any_of(outcomes.begin(), outcomes.end(), report::is_bad_word);
  return bad ? Tone::bad : outcomes.empty() ? Tone::plain : Tone::good;
}

bool is_quiet(const CaseComparison& one) {
  const auto good = [](const std::string& outcome) { return !report::is_bad_word(outcome); };
  return one.same && std::all_of(one.recorded.begin(), one.recorded.end(), good) &&
         std::all_of(one.now.begin(), one.now.end(), good);
}

std::string cases_text(const Sameness& sameness, bool colour) {
  report::Table table;
  table.add({"case", "recorded", "now", ""});
  std::size_t quiet = 0;
  for (const auto& one : sameness.cases) {
    if (sameness.cases.size() > few_cases && is_quiet(one)) {
      ++quiet;
      continue;
    }
    table.add({line_of(one.name), Piece(counted(one.recorded), tone_of(one.recorded)),
               Piece(counted(one.now), tone_of(one.now)), one.same ? "same" : "differs"});
  }
  auto text = table.render(colour);
  if (quiet > 0) text += fmt::format("and {} that are good, as they were\n", quiet);
  return text;
}

/// What a line of the table has no room for.
std::string remarks_text(const Sameness& sameness) {
  std::string text;
  for (const auto& one : sameness.cases) {
    if (!one.same && one.message_recorded != one.message_now) {
      if (!one.message_recorded.empty())
        text += fmt::format("{}: recorded: {}\n", line_of(one.name), line_of(one.message_recorded));
      if (!one.message_now.empty())
        text += fmt::format("{}: now: {}\n", line_of(one.name), line_of(one.message_now));
    }
    for (const auto& title : one.gone)
      text += fmt::format("{}: not seen again: {}\n", line_of(one.name), line_of(title));
    for (const auto& title : one.fresh)
      text += fmt::format("{}: new: {}\n", line_of(one.name), line_of(title));
  }
  return text;
}

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string brief(const std::string& value) {
  if (value.empty()) return "none";
  return is_digest(value) ? support::Digest{value}.brief() : line_of(value);
}

std::string keys_text(const Sameness& sameness, bool colour) {
  std::string text;
  if (!sameness.keys.empty()) {
    report::Table table;
    table.add({"differs", "recorded", "here", "what that means"});
    for (const auto& key : sameness.keys)
      table.add({line_of(key.name), brief(key.recorded), brief(key.now), line_of(key.meaning)});
    text += "\n" + table.render(colour);
  }
  return text + "\nas recorded: " + line_of(support::join(sameness.same_keys, ", ")) + "\n";
}

std::string state_words(const std::string& state, const std::string& reason) {
  return line_of(state) + (reason.empty() ? "" : ": " + line_of(reason));
}

std::string conclusion(const Sameness& sameness, std::int64_t run) {
  const auto count = std::count_if(sameness.cases.begin(), sameness.cases.end(),
                                   [](const auto& one) { return one.same; });
  const auto where = fmt::format(" (run {})", run);
  if (sameness.infrastructure) return "nothing can be said: kmatrix could not do its job" + where;
  if (sameness.cases.empty())
    return (sameness.same ? "the same: " : "it differs: ") +
           state_words(sameness.state_now, sameness.reason_now) + where;
  return fmt::format("{}: {} of {} came out as recorded{}",
                     sameness.same ? "the same" : "it differs", count,
                     report::count_of(sameness.cases.size(), "case"), where);
}

ordered_json to_record(const CaseComparison& one) {
  return {{"name", support::valid_utf8(one.name)},
          {"recorded", one.recorded},
          {"now", one.now},
          {"message_recorded", report::text_or_null(one.message_recorded)},
          {"message_now", report::text_or_null(one.message_now)},
          {"incidents_gone", one.gone},
          {"incidents_new", one.fresh},
          {"same", one.same}};
}

}  // namespace

std::string title_of(const Manifest& manifest) {
  return line_of(manifest.cell.name) +
         (manifest.case_name.empty() ? "" : " " + line_of(manifest.case_name)) +
         fmt::format(" of run {} of {}, {}", manifest.run, line_of(manifest.experiment),
                     line_of(manifest.started.substr(0, 10)));
}

std::string sameness_text(const Manifest& recorded, const Sameness& sameness, std::int64_t run,
                          bool colour) {
  std::string text = title_of(recorded) + "\n\n";
  if (sameness.state_recorded != "done" || sameness.state_now != "done") {
    text += "recorded  " + state_words(sameness.state_recorded, sameness.reason_recorded) + "\n";
    text += "now       " + state_words(sameness.state_now, sameness.reason_now) + "\n";
  }
  if (!sameness.cases.empty()) text += cases_text(sameness, colour);
  text += remarks_text(sameness);
  text += keys_text(sameness, colour);
  return text + "\n" +
         report::coloured(conclusion(sameness, run), sameness.same ? Tone::good : Tone::bad,
                          colour) +
         "\n";
}

ordered_json sameness_json(const Manifest& recorded, const Sameness& sameness, std::int64_t run) {
  auto cases = ordered_json::array();
  for (const auto& one : sameness.cases) cases.push_back(to_record(one));
  auto keys = ordered_json::array();
  for (const auto& key : sameness.keys)
    keys.push_back({{"name", key.name},
                    {"recorded", report::text_or_null(key.recorded)},
                    {"now", report::text_or_null(key.now)},
                    {"meaning", report::text_or_null(key.meaning)}});
  return {{"same", sameness.infrastructure ? ordered_json() : ordered_json(sameness.same)},
          {"run", run},
          {"recorded_run", recorded.run},
          {"experiment", report::text_or_null(recorded.experiment)},
          {"cell", report::text_or_null(recorded.cell.name)},
          {"case", report::text_or_null(recorded.case_name)},
          {"state_recorded", report::text_or_null(sameness.state_recorded)},
          {"state_now", report::text_or_null(sameness.state_now)},
          {"cases", cases},
          {"differing_keys", keys},
          {"same_keys", sameness.same_keys}};
}

}  // namespace kmatrix::bundle
