// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/outcome.h"

#include <array>
#include <utility>

namespace kmatrix::plan {

namespace {

template <class T>
using Word = std::pair<T, std::string_view>;

constexpr std::array<Word<Outcome>, 10> outcome_words{{
    {Outcome::passed, "passed"},
    {Outcome::failed, "failed"},
    {Outcome::skipped, "skipped"},
    {Outcome::xfailed, "xfailed"},
    {Outcome::unresolved, "unresolved"},
    {Outcome::timed_out, "timed_out"},
    {Outcome::crashed, "crashed"},
    {Outcome::missing, "missing"},
    {Outcome::blocked, "blocked"},
    {Outcome::infra_error, "infra_error"},
}};

constexpr std::array<Word<CellState>, 6> state_words{{
    {CellState::planned, "planned"},
    {CellState::done, "done"},
    {CellState::unavailable, "unavailable"},
    {CellState::blocked, "blocked"},
    {CellState::infra_error, "infra_error"},
    {CellState::interrupted, "interrupted"},
}};

template <class T, std::size_t N>
std::string word_of(const std::array<Word<T>, N>& words, T value) {
  for (const auto& [each, word] : words)
    if (each == value) return std::string(word);
  return "unknown";
}

template <class T, std::size_t N>
std::optional<T> value_of(const std::array<Word<T>, N>& words, std::string_view text) {
  for (const auto& [each, word] : words)
    if (word == text) return each;
  return std::nullopt;
}

}  // namespace

std::string to_string(Outcome outcome) { return word_of(outcome_words, outcome); }

std::optional<Outcome> parse_outcome(std::string_view text) {
  return value_of(outcome_words, text);
}

bool is_bad(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
    case Outcome::skipped:
    case Outcome::xfailed:
      return false;
    case Outcome::failed:
    case Outcome::unresolved:
    case Outcome::timed_out:
    case Outcome::crashed:
    case Outcome::missing:
    case Outcome::blocked:
    case Outcome::infra_error:
      return true;
  }
  return true;
}

std::string to_string(CellState state) { return word_of(state_words, state); }

std::optional<CellState> parse_cell_state(std::string_view text) {
  return value_of(state_words, text);
}

}  // namespace kmatrix::plan
