// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/relations.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "build/kconfig_expression.h"
#include "support/text.h"

namespace kmatrix::build {

namespace {

constexpr std::size_t most_symbols = 12, most_selectors = 4;
constexpr int most_steps = 3;

/// "NAME [=value]" taken apart.
std::pair<std::string, std::string> name_and_value(std::string_view text) {
  const auto mark = text.find(" [=");
  if (mark == std::string_view::npos) return {std::string(text), ""};
  std::string_view value = text.substr(mark + 3);
  if (!value.empty()) value.remove_suffix(1);
  return {std::string(text.substr(0, mark)), std::string(value)};
}

/// The rest of a line after a keyword, or nothing.
bool take(std::string_view line, std::string_view keyword, std::string_view& rest) {
  if (!line.starts_with(keyword)) return false;
  rest = support::trim(line.substr(keyword.size()));
  return true;
}

/// Adds one line about `symbol`; the lines of a list belong to the heading above it.
void read_line(std::string_view line, bool& in_selectors, Relations& symbol) {
  std::string_view rest;
  if (take(line, "  - ", rest)) {
    if (in_selectors) symbol.selected_by.emplace_back(rest);
    return;
  }
  in_selectors = line.starts_with("Selected by [");
  if (take(line, "Type  :", rest)) symbol.type = rest;
  if (take(line, "Defined at ", rest)) symbol.defined_at.emplace_back(rest);
  if (take(line, "  Depends on: ", rest)) symbol.depends_on.emplace_back(rest);
  if (take(line, "  Visible if: ", rest)) symbol.visible_if.emplace_back(rest);
  if (line.starts_with("  Prompt: ")) symbol.has_prompt = true;
}

struct Step {
  std::string symbol;
  Tristate wanted;
  int distance;
};

/// One account while it is written.
class Account {
 public:
  explicit Account(const RelationTable& table) : table_(table) {}

  std::string write(const std::string& symbol, Tristate wanted) {
    follow(symbol, wanted, 0);
    for (std::size_t count = 0; !waiting_.empty() && count < most_symbols; ++count) {
      const Step step = waiting_.front();
      waiting_.pop_front();
      explain(step, table_.find(step.symbol)->second);
    }
    return support::join(lines_, "\n");
  }

 private:
  void follow(const std::string& symbol, Tristate wanted, int distance) {
    if (distance > most_steps || !table_.contains(symbol) || !seen_.insert(symbol).second) return;
    waiting_.push_back({symbol, wanted, distance});
  }

  void explain(const Step& step, const Relations& symbol) {
    lines_.push_back(fmt::format("{} [={}]", symbol.name, symbol.value));
    if (!symbol.defined_at.empty()) lines_.back() += ", " + support::join(symbol.defined_at, ", ");
    if (step.wanted == Tristate::no) return explain_presence(symbol);
    for (const auto& each : symbol.depends_on) state("depends on", each, step);
    for (const auto& each : symbol.visible_if) state("visible if", each, step);
    if (!symbol.has_prompt) explain_selectors(symbol, false, step);
    if (can_be_set(symbol, step.wanted))
      lines_.push_back(step.distance == 0 ? "  can be set here, but something else won"
                                          : "  can be set, but nobody asked for it");
  }

  /// Why a symbol is on although it was asked to be off.
  void explain_presence(const Relations& symbol) {
    const auto active = [](const std::string& each) { return evaluate(each) > Tristate::no; };
    if (std::any_of(symbol.selected_by.begin(), symbol.selected_by.end(), active))
      return explain_selectors(symbol, true, {});
    for (const auto& each : symbol.depends_on)
      lines_.push_back("  on by its default, as this holds: " + each);
  }

  void state(std::string_view what, const std::string& expression, const Step& step) {
    lines_.push_back(fmt::format("  {} {}", what, expression));
    // A $(cc-option,...) and its like have become a bare n when Kconfig prints them.
    if (expression == "n" || expression == "n [=n]")
      lines_.back() += " (a test of the compiler or linker in that Kconfig line failed)";
    for (const auto& each : blockers(expression, step.wanted))
      follow(each, step.wanted, step.distance + 1);
  }

  void explain_selectors(const Relations& symbol, bool active, const Step& step) {
    std::vector<std::string> fitting;
    for (const auto& each : symbol.selected_by)
      if ((evaluate(each) > Tristate::no) == active) fitting.push_back(each);
    if (symbol.selected_by.empty() && symbol.depends_on.empty())
      lines_.push_back("  has no prompt, and nothing selects it");
    for (std::size_t i = 0; i < std::min(fitting.size(), most_selectors); ++i)
      active ? lines_.push_back("  selected by " + fitting[i])
             : state("selected by", fitting[i], step);
    if (fitting.size() > most_selectors)
      lines_.push_back(fmt::format("  and by {} more", fitting.size() - most_selectors));
  }

  static bool can_be_set(const Relations& symbol, Tristate wanted) {
    const auto met = [&](const std::string& each) { return evaluate(each) >= wanted; };
    return symbol.has_prompt &&
           (symbol.depends_on.empty() ||
            std::any_of(symbol.depends_on.begin(), symbol.depends_on.end(), met)) &&
           (symbol.visible_if.empty() ||
            std::any_of(symbol.visible_if.begin(), symbol.visible_if.end(), met));
  }

  const RelationTable& table_;
  std::deque<Step> waiting_;
  std::set<std::string> seen_;
  std::vector<std::string> lines_;
};

}  // namespace

RelationTable parse_relations(std::string_view text) {
  RelationTable table;
  Relations* symbol = nullptr;
  bool in_selectors = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view rest;
    if (take(line, "Symbol: ", rest)) {
      auto [name, value] = name_and_value(rest);
      symbol = &table[name];
      *symbol = {name, value, {}, {}, {}, {}, {}, false};
      in_selectors = false;
    } else if (symbol != nullptr && !line.empty()) {
      read_line(line, in_selectors, *symbol);
    }
  }
  return table;
}

std::string account(const RelationTable& table, const std::string& symbol,
                    const std::string& wanted) {
  const bool tristate = wanted == "y" || wanted == "m" || wanted == "n";
  // A number or text can be set whenever the symbol is visible.
  return Account(table).write(symbol, tristate ? tristate_of(wanted) : Tristate::module);
}

}  // namespace kmatrix::build
