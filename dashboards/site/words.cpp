// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "support/clock.h"

namespace kmatrix::site {

const std::array<OutcomeLook, 10> outcome_looks = {{
    {"passed", "✓", "as it should be"},
    {"failed", "✗", "the test says that the kernel is wrong"},
    {"skipped", "–", "the test says that it does not apply"},
    {"xfailed", "≈", "failed, as was expected"},
    {"unresolved", "?", "the test ended without a result"},
    {"timed_out", "T", "past its deadline"},
    {"crashed", "!", "the kernel reported a fault, or went down"},
    {"missing", "∅", "planned, and has no outcome"},
    {"blocked", "⊘", "its kernel did not build or boot"},
    {"infra_error", "⚙", "kmatrix or its host failed; says nothing of the kernel"},
}};

namespace {

struct State {
  const char* word;
  const char* sign;
  const char* like;  ///< which outcome's colour it has
};
constexpr std::array<State, 18> states = {{{"done", "✓", "skipped"},
                                           {"holds", "✓", "passed"},
                                           {"does not hold", "✗", "failed"},
                                           {"undecided", "?", "missing"},
                                           {"unavailable", "–", "skipped"},
                                           {"planned", "∅", "missing"},
                                           {"interrupted", "∅", "missing"},
                                           {"running", "…", "running"},
                                           {"not finished", "⚙", "infra_error"},
                                           {"built", "✓", "skipped"},
                                           {"cached", "✓", "skipped"},
                                           {"new failure", "✗", "failed"},
                                           {"fix", "✓", "passed"},
                                           {"regressed", "✗", "failed"},
                                           {"fixed", "✓", "passed"},
                                           {"changed", "≈", "unresolved"},
                                           {"flaky", "≈", "unresolved"},
                                           {"infrastructure", "⚙", "infra_error"}}};

const OutcomeLook* look_of(std::string_view word) {
  const auto found = std::find_if(outcome_looks.begin(), outcome_looks.end(),
                                  [&](const auto& each) { return each.word == word; });
  return found == outcome_looks.end() ? nullptr : &*found;
}

const State* state_of(std::string_view word) {
  const auto found = std::find_if(states.begin(), states.end(),
                                  [&](const auto& each) { return each.word == word; });
  return found == states.end() ? nullptr : &*found;
}

/// Are they worth a look? In the order of outcome_looks.
constexpr std::array<bool, 10> is_bad_outcome = {false, true, false, false, true,
                                                 true,  true, false, true,  false};

}  // namespace

std::string_view sign_of(std::string_view word) {
  if (const auto* look = look_of(word)) return look->sign;
  if (const auto* state = state_of(word)) return state->sign;
  return {};
}

std::string class_of(std::string_view word) {
  if (const auto* look = look_of(word)) return fmt::format("o-{}", look->word);
  if (const auto* state = state_of(word)) return fmt::format("o-{}", state->like);
  return {};
}

void write_word(Html& html, std::string_view word) {
  const auto colour = class_of(word);
  if (colour.empty()) {
    html.text(word);
    return;
  }
  html << "<span class=\"o ";
  html.text(colour) << "\"><span class=\"sign\" aria-hidden=\"true\">";
  html.text(sign_of(word)) << "</span>";
  std::string spoken(word);
  std::replace(spoken.begin(), spoken.end(), '_', ' ');
  html.text(spoken) << "</span>";
}

OutcomeCounts counts_of(const store::Rows& rows, std::size_t row) {
  OutcomeCounts counts{};
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (const int column = rows.column(outcome_looks[i].word); column >= 0)
      counts[i] = static_cast<std::int64_t>(
          store::to_number(rows.rows[row][static_cast<std::size_t>(column)]));
  return counts;
}

std::int64_t sum_of(const OutcomeCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

bool is_bad(const OutcomeCounts& counts) {
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (is_bad_outcome[i] && counts[i] > 0) return true;
  return false;
}

void write_bar(Html& html, const OutcomeCounts& counts) {
  const auto sum = static_cast<double>(sum_of(counts));
  if (sum == 0) {
    html << "<span class=\"dim\">no results</span>";
    return;
  }
  // A single failure among thousands must be seen.
  constexpr double whole = 1000, least = 12;
  std::array<double, 10> widths{};
  double total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) widths[i] = std::max(least, whole * static_cast<double>(counts[i]) / sum);
    total += widths[i];
  }
  html << "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" "
          "aria-label=\"";
  std::string spoken;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      spoken +=
          fmt::format("{}{} {}", spoken.empty() ? "" : ", ", counts[i], outcome_looks[i].word);
  html.text(spoken) << "\">";
  double at = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double width = widths[i] * whole / total;
    html << "<rect class=\"f-";
    html.text(outcome_looks[i].word) << "\" y=\"0\" height=\"10\" x=\"";
    html.real(at) << "\" width=\"";
    html.real(width) << "\"/>";
    at += width;
  }
  html << "</svg>";
}

void write_counts(Html& html, const OutcomeCounts& counts) {
  if (sum_of(counts) == 0) {
    html << "<span class=\"dim\">no results</span>";
    return;
  }
  html << "<span class=\"counts\">";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    html << "<span class=\"o o-";
    html.text(outcome_looks[i].word) << "\"><span class=\"sign\" aria-hidden=\"true\">";
    html.text(outcome_looks[i].sign) << "</span>";
    std::string word = outcome_looks[i].word;
    std::replace(word.begin(), word.end(), '_', ' ');
    html.text(count_text(counts[i])) << " ";
    html.text(word) << "</span> ";
  }
  html << "</span>";
}

std::string duration_text(double seconds) {
  return seconds > 0 ? support::human_duration(support::Seconds(seconds)) : "–";
}

std::string time_text(std::string_view iso) {
  if (iso.size() < 16 || iso[10] != 'T') return std::string(iso.empty() ? "–" : iso);
  return fmt::format("{} {}", iso.substr(0, 10), iso.substr(11, 5));
}

std::string count_text(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3;
       at > static_cast<std::ptrdiff_t>(first); at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

void write_name(Html& html, std::string_view name) {
  while (!name.empty()) {
    const auto slash = name.find('/');
    const auto part = name.substr(0, slash == std::string_view::npos ? name.size() : slash + 1);
    html.text(part);
    if (slash != std::string_view::npos) html << "<wbr>";
    name.remove_prefix(part.size());
  }
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=+@%,").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string quoted;
  quoted += '\'';
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  quoted += '\'';
  return quoted;
}

void Facts::add(Markup label, std::string_view value) {
  if (value.empty()) return;
  Html html;
  html.text(value);
  add(label, html);
}

void Facts::add(Markup label, const Html& value) {
  rows_ << "<dt>" << label << "</dt><dd>";
  rows_.add(value) << "</dd>\n";
}

void Facts::write(Html& html) const {
  if (rows_.empty()) return;
  html << "<dl class=\"facts\">\n";
  html.add(rows_) << "</dl>\n";
}

}  // namespace kmatrix::site
