// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/kind.h"

#include <array>

namespace kmatrix::compare {

namespace {

struct Words {
  std::string_view name, verb;
  bool bad;
};
constexpr std::array<Words, kinds> words{{
    {"passed", "passes", false},
    {"skipped", "is skipped", false},
    {"xfailed", "fails as expected", false},
    {"clean", "is not reported", false},
    {"failed", "fails", true},
    {"unresolved", "is unresolved", true},
    {"timed_out", "times out", true},
    {"crashed", "crashes", true},
    {"missing", "is missing", true},
    {"absent", "does not exist", true},
    {"unavailable", "is unavailable", true},
    {"blocked", "is blocked", true},
    {"reported", "is reported", true},
    {"infra_error", "could not be run", true},
}};

const Words& words_of(Kind kind) { return words.at(static_cast<std::size_t>(kind)); }

}  // namespace

std::string to_string(Kind kind) { return std::string(words_of(kind).name); }

std::optional<Kind> parse_kind(std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i].name == word) return static_cast<Kind>(i);
  return std::nullopt;
}

std::string verb(Kind kind) { return std::string(words_of(kind).verb); }

bool is_bad(Kind kind) { return words_of(kind).bad; }

}  // namespace kmatrix::compare
