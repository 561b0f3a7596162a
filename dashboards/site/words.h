// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "site/html.h"
#include "store/query.h"

namespace kmatrix::site {

/// An outcome, how it is shown and what it is worth. The sign tells it without its colour.
struct OutcomeLook {
  const char* word;
  const char* sign;
  const char* meaning;
};
/// In the order in which they are counted and stacked.
extern const std::array<OutcomeLook, 10> outcome_looks;

/// The sign of an outcome, or of a state of a cell, a build or a claim; "" for another word.
std::string_view sign_of(std::string_view word);

/// `word` with its sign, in its colour: <span class="o o-failed">. Other words are plain text.
void write_word(Html& html, std::string_view word);
/// The class of a word's colour: "o-failed"; "" for another word. Safe to be written as it is.
std::string class_of(std::string_view word);

/// How many of each outcome, in the order of outcome_looks.
using OutcomeCounts = std::array<std::int64_t, 10>;
/// Columns "passed", "failed"... of a row.
OutcomeCounts counts_of(const store::Rows& rows, std::size_t row);
std::int64_t sum_of(const OutcomeCounts& counts);
/// Does it have outcomes that speak against a kernel?
bool is_bad(const OutcomeCounts& counts);

/// A bar of the shares, with its figures as text for those who do not see it.
void write_bar(Html& html, const OutcomeCounts& counts);
/// "5 passed, 1 failed", each with its sign.
void write_counts(Html& html, const OutcomeCounts& counts);

/// "2 min 05 s"; "–" for none.
std::string duration_text(double seconds);
/// "2026-01-31 12:00" of an ISO time.
std::string time_text(std::string_view iso);
/// "12,345"
std::string count_text(std::int64_t number);

/// A path-like name that may be broken at its '/'.
void write_name(Html& html, std::string_view name);

/// A word of a shell command, in quotes if it needs them.
std::string shell_word(std::string_view text);

/// A list of [label, value] pairs.
class Facts {
 public:
  void add(Markup label, std::string_view value);
  void add(Markup label, const Html& value);
  void write(Html& html) const;

 private:
  Html rows_;
};

}  // namespace kmatrix::site
