// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "support/text.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t max_errors = 1'000;
/// Edit distances cost time; nobody reads this many hints.
constexpr std::size_t max_hints = 200;
constexpr std::size_t max_word = 100;
constexpr std::size_t few = 16;

}  // namespace

void Problems::add(Location at, std::string message, std::string hint) {
  add(support::input_error(std::move(message), std::move(at), std::move(hint)));
}

void Problems::add(Error error) {
  if (errors_.size() < max_errors)
    errors_.push_back(std::move(error));
  else
    ++left_out_;
}

void Problems::unknown(Location at, const std::string& what, const std::string& word,
                       const std::string& where, const std::vector<std::string>& known) {
  std::string hint;
  if (errors_.size() < max_hints && word.size() <= max_word)
    hint = support::did_you_mean(word, known);
  if (hint.empty() && !known.empty() && known.size() <= few)
    hint = "known: " + support::join(known, ", ");
  add(std::move(at), fmt::format("unknown {} {} in {}", what, quote(word), where), std::move(hint));
}

std::vector<Error> Problems::take(const std::string& main_file) {
  const auto place = [&](const Error& error) {
    return std::make_tuple(error.at.file != main_file, std::string_view(error.at.file),
                           error.at.line, error.at.column);
  };
  std::stable_sort(errors_.begin(), errors_.end(),
                   [&](const Error& a, const Error& b) { return place(a) < place(b); });
  std::vector<Error> sorted;
  std::set<std::pair<std::string, std::string>> seen;
  for (auto& error : errors_)
    if (seen.emplace(support::to_string(error.at), error.message).second)
      sorted.push_back(std::move(error));
  if (left_out_ > 0)
    sorted.push_back(
        support::input_error(fmt::format("... and {} more errors", left_out_), {main_file, 0, 0}));
  errors_.clear();
  left_out_ = 0;
  return sorted;
}

std::string quote(std::string_view text, std::size_t longest) {
  const bool cut = text.size() > longest;
  std::string shown = support::printable(support::valid_utf8(text.substr(0, longest)));
  for (std::size_t at = 0; (at = shown.find_first_of("\n\t", at)) != std::string::npos; at += 2)
    shown.replace(at, 1, shown[at] == '\n' ? "\\n" : "\\t");
  return "'" + shown + (cut ? "..." : "") + "'";
}

}  // namespace kmatrix::spec
