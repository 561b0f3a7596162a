// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/fragment.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "spec/files.h"
#include "spec/load.h"
#include "support/text.h"

namespace kmatrix::spec {

namespace {

using support::is_digit;

constexpr std::size_t longest_fragment = 1 << 20;
constexpr std::string_view symbol_prefix = "CONFIG_";
constexpr std::string_view not_set = " is not set";
constexpr std::string_view note = "# kmatrix:";

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_symbol(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                              "wxyz0123456789_") == std::string_view::npos;
}

bool is_tristate(std::string_view text) { return text == "y" || text == "m" || text == "n"; }

bool is_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    return !text.empty() && std::all_of(text.begin(), text.end(), is_hex_digit);
  }
  if (text.starts_with("-")) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// A string as in a .config: "text", where \" and \\ stand for " and \.
bool is_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return false;
    if (text[i] == '\\' && ++i == text.size()) return false;
  }
  return true;
}

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

/// Words that people and YAML take for y or n, and Kconfig does not.
bool looks_like_a_tristate(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  static constexpr std::string_view words[] = {"y",  "m",   "n",    "yes",  "no",
                                               "on", "off", "true", "false"};
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

std::optional<std::string> value_of(const YamlNode& node) {
  if (node.kind != NodeKind::scalar || node.text.find('\n') != std::string::npos)
    return std::nullopt;
  const auto& text = node.text;
  if (is_tristate(text) || is_quoted(text)) return text;
  if (node.quoted) return in_quotes(text);
  if (is_number(text)) return text;
  if (text.empty() || looks_like_a_tristate(text)) return std::nullopt;
  return in_quotes(text);
}

void read_line(std::string_view line, const Location& at, std::vector<SymbolRequest>& requests,
               Problems& problems) {
  const auto bad = [&](const std::string& hint) {
    problems.add(at, "not a line of a config fragment: " + quote(line), hint);
  };
  if (line.starts_with("# CONFIG_") && line.ends_with(not_set)) {
    const auto symbol = line.substr(9, line.size() - 9 - not_set.size());
    if (!is_symbol(symbol)) return;
    requests.push_back({std::string(symbol), "n", at});
    return;
  }
  if (line.empty() || line.starts_with("#")) return;
  const auto equals = line.find('=');
  if (!line.starts_with(symbol_prefix) || equals == std::string_view::npos)
    return bad("write CONFIG_NAME=value or '# CONFIG_NAME is not set'");
  const auto symbol = line.substr(symbol_prefix.size(), equals - symbol_prefix.size());
  const auto value = line.substr(equals + 1);
  if (symbol.ends_with(' ')) return bad("write it without blanks around '='");
  if (!is_symbol(symbol)) return bad("a symbol has letters, digits and _ only");
  if (!is_tristate(value) && !is_number(value) && !is_quoted(value))
    return bad("a value is y, m, n, a number or a \"text\" in double quotes");
  requests.push_back({std::string(symbol), std::string(value), at});
}

}  // namespace

std::vector<SymbolRequest> read_fragment(const std::string& text, const std::string& file,
                                         Problems& problems) {
  std::vector<SymbolRequest> requests;
  Location at{file, 0, 1};
  bool optional = false;
  for (const auto& raw : support::split_lines(text)) {
    ++at.line;
    std::string_view line = raw;
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.starts_with(note)) {
      optional = support::trim(line.substr(note.size())) == "optional";
      if (!optional)
        problems.add(at, "not a note of kmatrix: " + quote(line),
                     "there is one: '# kmatrix: optional', before a line that may come out "
                     "otherwise");
      continue;
    }
    read_line(line, at, requests, problems);
    if (optional && !requests.empty() && requests.back().at == at) requests.back().optional = true;
    optional = false;
  }
  return requests;
}

Result<std::vector<SymbolRequest>> parse_fragment(const std::string& text,
                                                  const std::string& file) {
  Problems problems;
  auto requests = read_fragment(text, file, problems);
  report_disagreements(requests, problems);
  auto errors = problems.take(file);
  if (!errors.empty()) return std::move(errors.front());
  return requests;
}

namespace {

/// The value of a symbol, for `tree` alone if that is not empty.
void read_value(SymbolRequest request, const Field& field, std::vector<SymbolRequest>& requests,
                Problems& problems) {
  if (auto value = value_of(*field.node)) {
    request.value = std::move(*value);
    requests.push_back(std::move(request));
    return;
  }
  report_type(field, "y, m, n, a number or a text on one line", problems,
              "write y or n as Kconfig does; a text that looks like one of them goes in quotes");
}

/// The values of a symbol by tree.
void read_values(const SymbolRequest& request, const Field& field, const Reading& reading,
                 std::vector<SymbolRequest>& requests) {
  if (field.node->entries.empty())
    report_type(field, "a value, or a mapping of trees to values", reading.problems);
  for (const auto& [tree, at, value] : field.node->entries) {
    const YamlNode name{.kind = NodeKind::scalar, .text = tree, .at = at};
    reading.check_reference(name, "tree", field.what, reading.names.trees);
    read_value({request.symbol, "", at, tree}, {&value, field.what + " for tree " + quote(tree)},
               requests, reading.problems);
  }
}

}  // namespace

std::vector<SymbolRequest> read_symbols(const Field& field, const Reading& reading) {
  auto& problems = reading.problems;
  std::vector<SymbolRequest> requests;
  if (!field) return requests;
  if (field.node->kind != NodeKind::map) {
    report_type(field, "a mapping of symbols to values, such as {CFI_CLANG: y}", problems);
    return requests;
  }
  for (const auto& entry : field.node->entries) {
    std::string_view symbol = entry.key;
    if (symbol.starts_with(symbol_prefix)) symbol.remove_prefix(symbol_prefix.size());
    if (!is_symbol(symbol))
      problems.add(entry.at, quote(entry.key) + " is no Kconfig symbol",
                   "a symbol has letters, digits and _ only");
    const SymbolRequest request{std::string(symbol), "", entry.at};
    const Field value{&entry.value, entry.key + " in " + field.what};
    if (entry.value.kind == NodeKind::map)
      read_values(request, value, reading, requests);
    else
      read_value(request, value, requests, problems);
  }
  report_disagreements(requests, problems);
  return requests;
}

void report_disagreements(const std::vector<SymbolRequest>& requests, Problems& problems) {
  using Key = std::pair<std::string_view, std::string_view>;
  std::map<Key, const SymbolRequest*> first;
  for (const auto& request : requests) {
    const Key key{request.symbol, request.tree};
    const auto& before = *first.emplace(key, &request).first->second;
    if (before.value != request.value)
      problems.add(request.at, fmt::format("CONFIG_{}={} contradicts CONFIG_{}={} at {}",
                                           request.symbol, request.value, before.symbol,
                                           before.value, support::to_string(before.at)));
  }
}

std::vector<SymbolRequest> parse_tree_fragment(const std::string& text, const std::string& file) {
  Problems passed_over;
  auto requests = read_fragment(text, file, passed_over);
  for (auto& each : requests) each.optional = true;
  return requests;
}

Fragments read_fragments(const Field& field, const Reading& reading) {
  Fragments fragments;
  auto& requests = fragments.requests;
  for (const auto* name : read_texts(field, "a file or a list of files", reading.problems)) {
    if (const auto in_tree = path_in_tree(*name, reading.problems)) {
      if (!in_tree->empty()) fragments.of_tree.push_back({*in_tree, name->at});
      continue;
    }
    const auto path = reading.path(name->text);
    auto text = read_input(path, "config fragment", longest_fragment, name->at);
    if (!text) {
      reading.problems.add(std::move(text).error());
      continue;
    }
    auto more = read_fragment(*text, path.string(), reading.problems);
    requests.insert(requests.end(), more.begin(), more.end());
  }
  report_disagreements(requests, reading.problems);
  return fragments;
}

}  // namespace kmatrix::spec
