// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kconfig_expression.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace kmatrix::build {

namespace {

enum class Kind { symbol, negation, comparison, conjunction, disjunction };

struct Node {
  Kind kind = Kind::symbol;
  std::string name;
  Tristate value = Tristate::no;
  std::vector<Node> operands;
};

struct Operand {
  std::string name, value;
};

bool holds(const std::string& comparison, const Operand& left, const Operand& right) {
  const auto number = [](const std::string& text, long long& out) {
    const bool hex = text.starts_with("0x");
    const char* const begin = text.data() + (hex ? 2 : 0);
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(begin, end, out, hex ? 16 : 10);
    return failure == std::errc{} && stop == end;
  };
  long long a = 0, b = 0;
  const bool numbers = number(left.value, a) && number(right.value, b);
  const int order = numbers ? (a > b) - (a < b) : left.value.compare(right.value);
  if (comparison == "=") return order == 0;
  if (comparison == "!=") return order != 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  if (comparison == ">") return order > 0;
  return order >= 0;
}

/// Recursive descent; text that is no expression ends as early as it stops making sense.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Node disjunction() {
    return chain(Kind::disjunction, "||", [this] { return conjunction(); });
  }

 private:
  Node chain(Kind kind, std::string_view separator, const std::function<Node()>& next) {
    Node node{kind, {}, Tristate::no, {next()}};
    while (accept(separator)) node.operands.push_back(next());
    if (node.operands.size() == 1) return std::move(node.operands.front());
    const auto lower = [](const Node& a, const Node& b) { return a.value < b.value; };
    const auto [low, high] = std::minmax_element(node.operands.begin(), node.operands.end(), lower);
    node.value = kind == Kind::conjunction ? low->value : high->value;
    return node;
  }

  Node conjunction() {
    return chain(Kind::conjunction, "&&", [this] { return unary(); });
  }

  Node unary() {
    if (depth_ > deepest) return {};
    ++depth_;
    Node node = negation_or_group();
    --depth_;
    return node;
  }

  Node negation_or_group() {
    if (!peek("!=") && accept("!")) {
      Node node{Kind::negation, {}, Tristate::no, {unary()}};
      node.value = static_cast<Tristate>(2 - static_cast<int>(node.operands.front().value));
      return node;
    }
    if (!accept("(")) return comparison();
    Node node = disjunction();
    accept(")");
    return node;
  }

  Node comparison() {
    const Operand left = operand();
    for (const std::string sign : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (!accept(sign)) continue;
      const Operand right = operand();
      return {Kind::comparison, {}, holds(sign, left, right) ? Tristate::yes : Tristate::no, {}};
    }
    return {Kind::symbol, left.name, tristate_of(left.value), {}};
  }

  Operand operand() {
    skip_blanks();
    const auto end = std::min(rest_.find_first_of(" ()!=<>&|"), rest_.size());
    Operand found{std::string(rest_.substr(0, end)), std::string(rest_.substr(0, end))};
    rest_.remove_prefix(end);
    if (rest_.starts_with(" [=")) {
      const auto close = std::min(rest_.find(']'), rest_.size() - 1);
      found.value = rest_.substr(3, close - 3);
      rest_.remove_prefix(close + 1);
    }
    return found;
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
  bool peek(std::string_view token) {
    skip_blanks();
    return rest_.starts_with(token);
  }
  bool accept(std::string_view token) {
    if (!peek(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  static constexpr int deepest = 200;
  std::string_view rest_;
  int depth_ = 0;
};

void collect(const Node& node, Tristate wanted, std::vector<std::string>& names) {
  if (node.value >= wanted) return;
  const bool fresh = std::find(names.begin(), names.end(), node.name) == names.end();
  if (node.kind == Kind::symbol && fresh) names.push_back(node.name);
  if (node.kind == Kind::conjunction || node.kind == Kind::disjunction)
    for (const auto& operand : node.operands) collect(operand, wanted, names);
}

}  // namespace

Tristate tristate_of(std::string_view value) {
  if (value == "y") return Tristate::yes;
  return value == "m" ? Tristate::module : Tristate::no;
}

Tristate evaluate(std::string_view expression) { return Parser(expression).disjunction().value; }

std::vector<std::string> blockers(std::string_view expression, Tristate wanted) {
  std::vector<std::string> names;
  collect(Parser(expression).disjunction(), wanted, names);
  return names;
}

}  // namespace kmatrix::build
