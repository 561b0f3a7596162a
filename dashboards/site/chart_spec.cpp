// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/chart_spec.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace kmatrix::site {

namespace {

using nlohmann::ordered_json;

/// Keys of Vega-Lite that fetch, lead elsewhere or belong to the program that draws.
constexpr std::array<const char*, 7> foreign = {"data",     "datasets", "url",   "href",
                                                "usermeta", "$schema",  "params"};

ordered_json scalar(const spec::YamlNode& node) {
  if (node.quoted) return node.text;
  if (node.text == "true") return true;
  if (node.text == "false") return false;
  if (node.text == "null" || node.text == "~") return nullptr;
  double number = 0;
  const char* end = node.text.data() + node.text.size();
  const auto parsed = std::from_chars(node.text.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end) return number;
  return node.text;
}

class Reader {
 public:
  Reader(Panel& panel, spec::Problems& problems) : panel_(panel), problems_(problems) {}

  ordered_json value(const spec::YamlNode& node) {
    switch (node.kind) {
      case spec::NodeKind::null:
        return nullptr;
      case spec::NodeKind::scalar:
        return scalar(node);
      case spec::NodeKind::list: {
        auto list = ordered_json::array();
        for (const auto& item : node.items) list.push_back(value(item));
        return list;
      }
      case spec::NodeKind::map:
        break;
    }
    return map(node);
  }

 private:
  ordered_json map(const spec::YamlNode& node) {
    auto record = ordered_json::object();
    for (const auto& [key, at, child] : node.entries) {
      if (std::find(foreign.begin(), foreign.end(), key) != foreign.end()) {
        problems_.add(at, "a chart has no '" + key + "' here",
                      key == "data" || key == "datasets"
                          ? "its data is what the panel's query gives"
                          : "remove it: a page fetches nothing and its charts lead nowhere");
        continue;
      }
      if (key == "transform") panel_.makes_fields = true;
      if (key == "field" && child.kind == spec::NodeKind::scalar)
        panel_.fields.push_back({child.text, child.at});
      record[key] = value(child);
    }
    return record;
  }

  Panel& panel_;
  spec::Problems& problems_;
};

}  // namespace

void read_chart(const spec::YamlNode& node, Panel& panel, spec::Problems& problems) {
  if (node.kind != spec::NodeKind::map) {
    problems.add(node.at, "chart: expected a Vega-Lite specification (mark, encoding)");
    return;
  }
  panel.chart = Reader(panel, problems).value(node);
  const auto& parts = {"layer", "facet", "hconcat", "vconcat", "concat", "repeat"};
  const bool composed = std::any_of(parts.begin(), parts.end(),
                                    [&](const char* key) { return node.find(key) != nullptr; });
  if (!composed && node.find("mark") == nullptr)
    problems.add(node.at, "chart lacks 'mark'", "bar, line, point, rect, tick...");
}

}  // namespace kmatrix::site
