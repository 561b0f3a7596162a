// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/effort.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/words.h"
#include "support/text.h"

namespace kmatrix::report {

namespace {

/// Not that of a process that was stopped.
bool was_measured(const store::EffortRow& effort) { return effort.cpu_seconds > 0; }

std::string duration(double seconds) { return support::human_duration(support::Seconds(seconds)); }

/// "preparation 2 s, v6.12/base/clang-cfi 6 min 40 s"; "" for a path that cannot be read.
std::string path_text(const std::string& json) {
  std::vector<std::string> parts;
  const auto path = parsed_or_null(json);
  for (const auto& job : path) {
    const auto name = job.is_object() ? job.find("name") : job.end();
    const auto seconds = job.is_object() ? job.find("seconds") : job.end();
    if (name == job.end() || seconds == job.end() || !name->is_string() || !seconds->is_number())
      continue;
    parts.push_back(
        fmt::format("{} {}", line_of(name->get<std::string>()), duration(seconds->get<double>())));
  }
  return support::join(parts, ", ");
}

}  // namespace

double utilisation_of(const store::EffortRow& effort) {
  const double had = effort.wall_seconds * effort.cores;
  return had > 0 ? effort.cpu_seconds / had : 0;
}

double ratio_of(const store::EffortRow& effort) {
  const double least = std::max(effort.cpu_seconds / effort.cores, effort.critical_seconds);
  return least > 0 ? effort.wall_seconds / least : 0;
}

void add_efforts(Table& table, const std::vector<store::EffortRow>& efforts) {
  for (const auto& effort : efforts) {
    const auto busy = fmt::format(
        " with {:.0f} % of {} busy, {:.2f} times what is possible", 100 * utilisation_of(effort),
        count_of(static_cast<std::size_t>(effort.cores), "core"), ratio_of(effort));
    table.add({"effort", duration(effort.wall_seconds) + (was_measured(effort) ? busy : "")});
    const auto path = path_text(effort.critical_path);
    if (!path.empty())
      table.add({"critical path", fmt::format("{}: {}", duration(effort.critical_seconds), path)});
  }
}

nlohmann::ordered_json efforts_json(const std::vector<store::EffortRow>& efforts) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& effort : efforts) {
    const auto if_measured = [&](double number) {
      return was_measured(effort) ? nlohmann::ordered_json(number) : nlohmann::ordered_json();
    };
    list.push_back({{"started", text_or_null(effort.started)},
                    {"wall_seconds", effort.wall_seconds},
                    {"cpu_seconds", if_measured(effort.cpu_seconds)},
                    {"cores", effort.cores},
                    {"utilisation", if_measured(utilisation_of(effort))},
                    {"critical_seconds", effort.critical_seconds},
                    {"critical_path", parsed_or_null(effort.critical_path)},
                    {"ratio", if_measured(ratio_of(effort))}});
  }
  return list;
}

}  // namespace kmatrix::report
