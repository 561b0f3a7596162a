// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/built.h"

#include <nlohmann/json.hpp>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {

namespace {

constexpr std::size_t most_tests = 10'000, longest_name = 200;

bool is_test_name(const std::string& name) { return !name.empty() && name.size() <= longest_name; }

}  // namespace

Result<Built> read_built(const std::filesystem::path& folder) {
  const auto damaged = [](const std::filesystem::path& file) {
    return support::infrastructure_error(file.string() + " is damaged");
  };
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
  const auto document = nlohmann::json::parse(*text, nullptr, false);
  if (!document.is_object() || document.size() > most_tests) return damaged(blocked);
  for (const auto& [name, reason] : document.items()) {
    if (!reason.is_string() || !is_test_name(name)) return damaged(blocked);
    built.blocked[name] = reason.get<std::string>();
  }
  return built;
}

}  // namespace kmatrix::suite
