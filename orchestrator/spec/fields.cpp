// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "support/text.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t longest_name = 64;

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "nothing";
    case NodeKind::scalar:
      return quote(node.text);
    case NodeKind::list:
      return "a list";
    case NodeKind::map:
      return node.entries.empty() ? "an empty mapping" : "a mapping";
  }
  return "something else";
}

/// "a, b or c"
std::string alternatives(const std::vector<std::string>& words) {
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i)
    text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Fields::Fields(const YamlNode& map, std::string owner, const std::vector<std::string>& known,
               Problems& problems)
    : map_(map), owner_(std::move(owner)), known_(known), problems_(problems) {
  if (!is_map()) {
    report_type({&map, owner_}, "a mapping (keys: " + support::join(known, ", ") + ")", problems);
    return;
  }
  for (const auto& entry : map.entries)
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      problems.unknown(entry.at, "key", entry.key, owner_, known);
}

Field Fields::optional(const std::string& key) const {
  return {map_.find(key), key + " of " + owner_};
}

Field Fields::required(const std::string& key) const {
  auto field = optional(key);
  if (!field && is_map() && !is_misspelt(key))
    problems_.add(map_.at, fmt::format("{} lacks '{}'", owner_, key));
  return field;
}

bool Fields::is_misspelt(const std::string& key) const {
  return std::any_of(map_.entries.begin(), map_.entries.end(), [&](const Entry& entry) {
    return entry.key.size() <= longest_name && entry.key != key &&
           std::find(known_.begin(), known_.end(), entry.key) == known_.end() &&
           support::nearest(entry.key, {key}) == key;
  });
}

void report_type(const Field& field, std::string_view expected, Problems& problems,
                 std::string hint) {
  problems.add(
      field.node->at,
      fmt::format("{}: expected {}, found {}", field.what, expected, describe(*field.node)),
      std::move(hint));
}

std::optional<std::string> read_text(const Field& field, std::string_view expected,
                                     Problems& problems) {
  if (!field) return std::nullopt;
  if (field.node->kind == NodeKind::scalar && !field.node->text.empty()) return field.node->text;
  report_type(field, expected, problems);
  return std::nullopt;
}

std::optional<int> read_number(const Field& field, int least, int most, Problems& problems) {
  if (!field) return std::nullopt;
  const auto& text = field.node->text;
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (field.node->kind == NodeKind::scalar && parsed.ec == std::errc() && parsed.ptr == end &&
      number >= least && number <= most)
    return number;
  report_type(field, fmt::format("a whole number from {} to {}", least, most), problems);
  return std::nullopt;
}

std::vector<const YamlNode*> read_texts(const Field& field, std::string_view expected,
                                        Problems& problems) {
  std::vector<const YamlNode*> texts;
  if (!field) return texts;
  const auto take = [&](const YamlNode& node) {
    if (node.kind == NodeKind::scalar && !node.text.empty())
      texts.push_back(&node);
    else
      report_type({&node, field.what}, expected, problems);
  };
  if (field.node->kind != NodeKind::list) {
    take(*field.node);
    return texts;
  }
  if (field.node->items.empty())
    problems.add(field.node->at, fmt::format("{}: the list is empty", field.what),
                 "leave the key out, or name something");
  for (const auto& item : field.node->items) take(item);
  return texts;
}

std::optional<std::string> read_word(const Field& field, const std::vector<std::string>& words,
                                     Problems& problems) {
  if (!field) return std::nullopt;
  const auto& node = *field.node;
  if (node.kind == NodeKind::scalar &&
      std::find(words.begin(), words.end(), node.text) != words.end())
    return node.text;
  const auto hint = node.kind == NodeKind::scalar && node.text.size() <= longest_name
                        ? support::did_you_mean(node.text, words)
                        : "";
  report_type(field, alternatives(words), problems, hint);
  return std::nullopt;
}

std::string read_argument(const Field& field, std::string_view others, std::string_view expected,
                          Problems& problems) {
  const auto text = read_text(field, expected, problems);
  if (!text) return {};
  if (is_word(*text, others)) return *text;
  report_type(field, expected, problems);
  return {};
}

bool is_name(std::string_view text) { return text.size() <= longest_name && is_word(text, "._+-"); }

bool check_name(const std::string& text, const Location& at, const std::string& what,
                Problems& problems) {
  if (is_name(text)) return true;
  problems.add(at, fmt::format("bad name {} for {}", quote(text), what),
               "names have letters, digits and ._+- only, begin with a letter or digit, and are at "
               "most 64 long");
  return false;
}

bool is_word(std::string_view text, std::string_view others) {
  return !text.empty() && is_alphanumeric(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
         });
}

}  // namespace kmatrix::spec
