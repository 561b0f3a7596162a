// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/cache_words.h"

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "support/clock.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using nlohmann::ordered_json;

ordered_json time_json(std::int64_t seconds) {
  if (seconds <= 0) return nullptr;
  return support::iso_time(std::chrono::system_clock::time_point(std::chrono::seconds(seconds)));
}

}  // namespace

std::string size_words(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> units{"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, value < 10 ? 1 : 0, units.at(unit));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::string whole(text);
  if (whole.empty() || std::string_view("0123456789.").find(whole[0]) == std::string_view::npos)
    return std::nullopt;
  char* end = nullptr;
  double value = std::strtod(whole.c_str(), &end);
  std::string_view unit = end;
  if (!unit.empty()) {
    const auto power = std::string_view("KMGT").find(unit[0]);
    if (power == std::string_view::npos) return std::nullopt;
    value *= std::pow(1024, static_cast<double>(power + 1));
    unit.remove_prefix(1);
  }
  if ((!unit.empty() && unit != "B" && unit != "iB") || !std::isfinite(value) || value > 9e18)
    return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::string age_words(std::int64_t seconds) {
  const auto words = [](std::int64_t count, std::string_view unit) {
    return fmt::format("{} {}{} ago", count, unit, count == 1 || unit == "min" ? "" : "s");
  };
  if (seconds < 60) return "now";
  if (seconds < 3600) return words(seconds / 60, "min");
  if (seconds < 86400) return words(seconds / 3600, "hour");
  return words(seconds / 86400, "day");
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             support::SystemClock().wall().time_since_epoch())
      .count();
}

std::string entry_words(const cache::ListedEntry& listed) {
  return support::printable(listed.entry.kind + "/" + listed.entry.name.substr(0, 12));
}

ordered_json entry_json(const cache::ListedEntry& listed) {
  ordered_json label = nullptr;
  if (!listed.label.empty()) label = support::valid_utf8(listed.label);
  return {{"kind", listed.entry.kind},
          {"name", support::valid_utf8(listed.entry.name)},
          {"label", label},
          {"bytes", listed.bytes},
          {"made", time_json(listed.made_s)},
          {"used", time_json(listed.used_s)},
          {"in_use", listed.in_use},
          {"sealed", listed.sealed}};
}

bool is_live() { return isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

}  // namespace kmatrix::cli
