// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

#include "report/history.h"
#include "report/table.h"
#include "report/words.h"

namespace kmatrix::report {

namespace {

using nlohmann::ordered_json;
using store::IncidentSeen;

/// One title with all of its places.
struct Titled {
  IncidentSeen all;  ///< counts and times over all places
  bool counts = false;
  std::vector<const IncidentSeen*> places;
};

std::vector<Titled> by_title(const std::vector<IncidentSeen>& seen) {
  std::vector<Titled> list;
  std::map<std::pair<std::string, std::string>, std::size_t> index;
  for (const auto& each : seen) {
    const auto [place, is_new] = index.try_emplace({each.kind, each.title}, list.size());
    if (is_new) {
      list.push_back({each, false, {}});
      list.back().all.count = 0;
    }
    auto& titled = list[place->second];
    titled.places.push_back(&each);
    titled.counts = titled.counts || (each.ignored.empty() && each.kind != "other");
    auto& all = titled.all;
    all.count += each.count;
    all.first_run = std::min(all.first_run, each.first_run);
    all.last_run = std::max(all.last_run, each.last_run);
    all.first_started = std::min(all.first_started, each.first_started);
    all.last_started = std::max(all.last_started, each.last_started);
  }
  std::stable_sort(list.begin(), list.end(), [](const Titled& a, const Titled& b) {
    return a.all.last_run != b.all.last_run ? a.all.last_run > b.all.last_run
                                            : a.all.count > b.all.count;
  });
  return list;
}

std::string times(std::int64_t count) { return count_of(static_cast<std::size_t>(count), "time"); }

std::string span(const IncidentSeen& each) {
  return each.first_run == each.last_run
             ? fmt::format("run {}", each.first_run)
             : fmt::format("runs {} to {}", each.first_run, each.last_run);
}

std::string places_text(const Titled& titled) {
  Table table(4);
  for (const auto* each : titled.places)
    table.add({line_of(each->cell), each->case_name.empty() ? "no case" : line_of(each->case_name),
               times(each->count), span(*each),
               each->ignored.empty() ? "" : "ignored: " + line_of(each->ignored)});
  return table.render(false);
}

ordered_json place_record(const IncidentSeen& each) {
  return {{"cell", text_or_null(each.cell)},
          {"case", text_or_null(each.case_name)},
          {"ignored", text_or_null(each.ignored)},
          {"count", each.count},
          {"runs", each.runs},
          {"first_run", each.first_run},
          {"first_started", text_or_null(each.first_started)},
          {"last_run", each.last_run},
          {"last_started", text_or_null(each.last_started)}};
}

}  // namespace

std::string incidents_text(const std::vector<IncidentSeen>& seen, bool colour) {
  if (seen.empty()) return "no incidents\n";
  std::string text;
  const auto titles = by_title(seen);
  for (const auto& titled : titles) {
    const auto& all = titled.all;
    text += fmt::format("{}  {}\n  {}, first in run {} ({}), last in run {} ({})\n",
                        coloured(line_of(all.kind), titled.counts ? Tone::bad : Tone::dim, colour),
                        line_of(all.title), times(all.count), all.first_run,
                        line_of(all.first_started), all.last_run, line_of(all.last_started));
    text += places_text(titled);
  }
  return text;
}

ordered_json incidents_json(const std::vector<IncidentSeen>& seen,
                            const store::CellFilter& filter) {
  auto list = ordered_json::array();
  for (const auto& titled : by_title(seen)) {
    auto places = ordered_json::array();
    for (const auto* each : titled.places) places.push_back(place_record(*each));
    list.push_back({{"kind", text_or_null(titled.all.kind)},
                    {"title", text_or_null(titled.all.title)},
                    {"counts", titled.counts},
                    {"count", titled.all.count},
                    {"first_run", titled.all.first_run},
                    {"first_started", text_or_null(titled.all.first_started)},
                    {"last_run", titled.all.last_run},
                    {"last_started", text_or_null(titled.all.last_started)},
                    {"places", std::move(places)}});
  }
  ordered_json document = {{"filter", filter_record(filter)}};
  document["incidents"] = std::move(list);
  return document;
}

}  // namespace kmatrix::report
