// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/built.h"

#include <nlohmann/json.hpp>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {

namespace {

constexpr std::size_t most_tests = 20'000, longest_test_name = 200;

bool is_test_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_test_name;
}

Error damaged(const std::filesystem::path& file) {
  return support::infrastructure_error(file.string() + " is damaged");
}

}  // namespace

Result<std::map<std::string, std::string>> parse_blocked(
    const std::string& text, const std::filesystem::path& file,
    const std::function<bool(std::string_view)>& is_name) {
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object() || document.size() > most_tests) return damaged(file);
  std::map<std::string, std::string> blocked;
  for (const auto& [name, reason] : document.items()) {
    if (!reason.is_string() || !is_name(name)) return damaged(file);
    blocked[name] = reason.get<std::string>();
  }
  return blocked;
}

Result<Built> read_built(const std::filesystem::path& folder) {
  if (folder.empty()) return support::infrastructure_error("the suite's tests were not built");
  Built built;
  const auto list = folder / "tests", blocked = folder / "blocked.json";
  const auto names = support::read_file(list);
  if (!names) return names.error();
  for (const auto& line : support::split_lines(*names)) {
    if (!is_test_name(line) || built.tests.size() == most_tests) return damaged(list);
    built.tests.push_back(line);
  }
  const auto text = support::read_file(blocked);
  if (!text) return text.error();
  auto reasons = parse_blocked(*text, blocked, is_test_name);
  if (!reasons) return reasons.error();
  built.blocked = std::move(*reasons);
  return built;
}

}  // namespace kmatrix::suite
