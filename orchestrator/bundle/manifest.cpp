// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <tuple>

namespace kmatrix::bundle {

using nlohmann::ordered_json;

namespace {

constexpr const char* version_key = "kmatrix_bundle";

/// A member of a record, and what the file calls it: one list of these reads and writes it.
template <class Record, class Value>
struct Field {
  const char* name;
  Value Record::*member;
};
template <class Record, class Value>
Field(const char*, Value Record::*) -> Field<Record, Value>;

constexpr std::tuple kernel_fields{Field{"name", &KernelRecord::name},
                                   Field{"tree", &KernelRecord::tree},
                                   Field{"series", &KernelRecord::series},
                                   Field{"config", &KernelRecord::config},
                                   Field{"arch", &KernelRecord::arch},
                                   Field{"tree_description", &KernelRecord::tree_description},
                                   Field{"tree_digest", &KernelRecord::tree_digest},
                                   Field{"series_description", &KernelRecord::series_description},
                                   Field{"series_digest", &KernelRecord::series_digest},
                                   Field{"compiler", &KernelRecord::compiler},
                                   Field{"recipe_key", &KernelRecord::recipe_key},
                                   Field{"kernel_key", &KernelRecord::kernel_key},
                                   Field{"signature", &KernelRecord::signature},
                                   Field{"release", &KernelRecord::release},
                                   Field{"state", &KernelRecord::state},
                                   Field{"first_error", &KernelRecord::first_error}};
constexpr std::tuple cell_fields{
    Field{"name", &CellRecord::name},         Field{"machine", &CellRecord::machine},
    Field{"suite", &CellRecord::suite},       Field{"state", &CellRecord::state},
    Field{"reason", &CellRecord::reason},     Field{"command_line", &CellRecord::command_line},
    Field{"accel", &CellRecord::accel},       Field{"key", &CellRecord::key},
    Field{"slowness", &CellRecord::slowness}, Field{"boot_seconds", &CellRecord::boot_seconds},
    Field{"inputs", &CellRecord::inputs}};
constexpr std::tuple case_fields{
    Field{"name", &CaseRecord::name},       Field{"outcome", &CaseRecord::outcome},
    Field{"raw", &CaseRecord::raw},         Field{"message", &CaseRecord::message},
    Field{"errno", &CaseRecord::error},     Field{"seconds", &CaseRecord::seconds},
    Field{"further", &CaseRecord::further}, Field{"output", &CaseRecord::output}};
constexpr std::tuple incident_fields{
    Field{"case", &IncidentRecord::case_name}, Field{"kind", &IncidentRecord::kind},
    Field{"title", &IncidentRecord::title}, Field{"ignored", &IncidentRecord::ignored},
    Field{"text", &IncidentRecord::text}};
constexpr std::tuple tree_fields{Field{"name", &TreeRecord::name},
                                 Field{"description", &TreeRecord::description}};
constexpr std::tuple file_fields{Field{"path", &FileRecord::path}, Field{"size", &FileRecord::size},
                                 Field{"sha256", &FileRecord::sha256}};

template <class Record, class Fields>
ordered_json write(const Record& record, const Fields& fields) {
  auto written = ordered_json::object();
  std::apply([&](const auto&... field) { ((written[field.name] = record.*field.member), ...); },
             fields);
  return written;
}

template <class Record, class Fields>
void read(const ordered_json& written, const Fields& fields, Record& record) {
  std::apply(
      [&](const auto&... field) { (written.at(field.name).get_to(record.*field.member), ...); },
      fields);
}

template <class Record, class Fields>
ordered_json write_all(const std::vector<Record>& records, const Fields& fields) {
  auto list = ordered_json::array();
  for (const auto& each : records) list.push_back(write(each, fields));
  return list;
}

template <class Record, class Fields>
void read_all(const ordered_json& list, const Fields& fields, std::vector<Record>& records) {
  for (const auto& each : list) read(each, fields, records.emplace_back());
}

Error wrong(const std::string& why, const std::string& hint = {}) {
  return support::input_error("manifest.json: " + why, {}, hint);
}

Manifest manifest_from(const ordered_json& root) {
  Manifest manifest;
  root.at("kmatrix_version").get_to(manifest.kmatrix_version);
  root.at("experiment").get_to(manifest.experiment);
  root.at("run").get_to(manifest.run);
  root.at("started").get_to(manifest.started);
  root.at("case").get_to(manifest.case_name);
  root.at("before").get_to(manifest.before);
  read(root.at("kernel"), kernel_fields, manifest.kernel);
  // Bundles that knew of one tree alone have no list.
  if (const auto list = root.find("trees_to_give"); list != root.end())
    read_all(*list, tree_fields, manifest.to_give);
  else if (!root.at("has_tree").get<bool>())
    manifest.to_give.push_back({manifest.kernel.tree, manifest.kernel.tree_description});
  read(root.at("cell"), cell_fields, manifest.cell);
  read_all(root.at("cases"), case_fields, manifest.cases);
  read_all(root.at("incidents"), incident_fields, manifest.incidents);
  read_all(root.at("files"), file_fields, manifest.files);
  return manifest;
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  const ordered_json root{{version_key, format_version},
                          {"kmatrix_version", manifest.kmatrix_version},
                          {"experiment", manifest.experiment},
                          {"run", manifest.run},
                          {"started", manifest.started},
                          {"case", manifest.case_name},
                          {"before", manifest.before},
                          {"has_tree", manifest.to_give.empty()},
                          {"trees_to_give", write_all(manifest.to_give, tree_fields)},
                          {"kernel", write(manifest.kernel, kernel_fields)},
                          {"cell", write(manifest.cell, cell_fields)},
                          {"cases", write_all(manifest.cases, case_fields)},
                          {"incidents", write_all(manifest.incidents, incident_fields)},
                          {"files", write_all(manifest.files, file_fields)}};
  return root.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<Manifest> parse_manifest(const std::string& text) {
  try {
    const auto root = ordered_json::parse(text);
    const int version = root.at(version_key).get<int>();
    if (version > format_version)
      return wrong(
          fmt::format("it has format {}, and this kmatrix knows up to {}", version, format_version),
          "a newer kmatrix reads it");
    return manifest_from(root);
  } catch (const ordered_json::exception& failure) {
    return wrong(failure.what());
  }
}

}  // namespace kmatrix::bundle
