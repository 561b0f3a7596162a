// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kmatrix::bundle {

using nlohmann::ordered_json;

namespace {

constexpr const char* version_key = "kmatrix_bundle";

ordered_json to_record(const KernelRecord& kernel) {
  return {{"name", kernel.name},
          {"tree", kernel.tree},
          {"series", kernel.series},
          {"config", kernel.config},
          {"arch", kernel.arch},
          {"tree_description", kernel.tree_description},
          {"tree_digest", kernel.tree_digest},
          {"series_description", kernel.series_description},
          {"series_digest", kernel.series_digest},
          {"compiler", kernel.compiler},
          {"recipe_key", kernel.recipe_key},
          {"kernel_key", kernel.kernel_key},
          {"signature", kernel.signature},
          {"release", kernel.release},
          {"state", kernel.state},
          {"first_error", kernel.first_error}};
}

KernelRecord kernel_from(const ordered_json& record) {
  KernelRecord kernel;
  record.at("name").get_to(kernel.name);
  record.at("tree").get_to(kernel.tree);
  record.at("series").get_to(kernel.series);
  record.at("config").get_to(kernel.config);
  record.at("arch").get_to(kernel.arch);
  record.at("tree_description").get_to(kernel.tree_description);
  record.at("tree_digest").get_to(kernel.tree_digest);
  record.at("series_description").get_to(kernel.series_description);
  record.at("series_digest").get_to(kernel.series_digest);
  record.at("compiler").get_to(kernel.compiler);
  record.at("recipe_key").get_to(kernel.recipe_key);
  record.at("kernel_key").get_to(kernel.kernel_key);
  record.at("signature").get_to(kernel.signature);
  record.at("release").get_to(kernel.release);
  record.at("state").get_to(kernel.state);
  record.at("first_error").get_to(kernel.first_error);
  return kernel;
}

ordered_json to_record(const CellRecord& cell) {
  auto inputs = ordered_json::array();
  for (const auto& [name, value] : cell.inputs)
    inputs.push_back(ordered_json::array({name, value}));
  return {{"name", cell.name},         {"machine", cell.machine},
          {"suite", cell.suite},       {"state", cell.state},
          {"reason", cell.reason},     {"command_line", cell.command_line},
          {"accel", cell.accel},       {"key", cell.key},
          {"slowness", cell.slowness}, {"boot_seconds", cell.boot_seconds},
          {"inputs", inputs}};
}

CellRecord cell_from(const ordered_json& record) {
  CellRecord cell;
  record.at("name").get_to(cell.name);
  record.at("machine").get_to(cell.machine);
  record.at("suite").get_to(cell.suite);
  record.at("state").get_to(cell.state);
  record.at("reason").get_to(cell.reason);
  record.at("command_line").get_to(cell.command_line);
  record.at("accel").get_to(cell.accel);
  record.at("key").get_to(cell.key);
  record.at("slowness").get_to(cell.slowness);
  record.at("boot_seconds").get_to(cell.boot_seconds);
  for (const auto& each : record.at("inputs"))
    cell.inputs.emplace_back(each.at(0).get<std::string>(), each.at(1).get<std::string>());
  return cell;
}

ordered_json to_record(const CaseRecord& one) {
  return {{"name", one.name},       {"outcome", one.outcome}, {"raw", one.raw},
          {"message", one.message}, {"errno", one.error},     {"seconds", one.seconds},
          {"further", one.further}, {"output", one.output}};
}

CaseRecord case_from(const ordered_json& record) {
  CaseRecord one;
  record.at("name").get_to(one.name);
  record.at("outcome").get_to(one.outcome);
  record.at("raw").get_to(one.raw);
  record.at("message").get_to(one.message);
  record.at("errno").get_to(one.error);
  record.at("seconds").get_to(one.seconds);
  record.at("further").get_to(one.further);
  record.at("output").get_to(one.output);
  return one;
}

ordered_json to_record(const IncidentRecord& incident) {
  return {{"case", incident.case_name},
          {"kind", incident.kind},
          {"title", incident.title},
          {"ignored", incident.ignored},
          {"text", incident.text}};
}

IncidentRecord incident_from(const ordered_json& record) {
  IncidentRecord incident;
  record.at("case").get_to(incident.case_name);
  record.at("kind").get_to(incident.kind);
  record.at("title").get_to(incident.title);
  record.at("ignored").get_to(incident.ignored);
  record.at("text").get_to(incident.text);
  return incident;
}

ordered_json to_record(const FileRecord& file) {
  return {{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}};
}

FileRecord file_from(const ordered_json& record) {
  FileRecord file;
  record.at("path").get_to(file.path);
  record.at("size").get_to(file.size);
  record.at("sha256").get_to(file.sha256);
  return file;
}

template <class Record>
ordered_json to_list(const std::vector<Record>& records) {
  auto list = ordered_json::array();
  for (const auto& each : records) list.push_back(to_record(each));
  return list;
}

template <class Record>
std::vector<Record> list_from(const ordered_json& list, Record (*read)(const ordered_json&)) {
  std::vector<Record> records;
  for (const auto& each : list) records.push_back(read(each));
  return records;
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
  root.at("has_tree").get_to(manifest.has_tree);
  manifest.kernel = kernel_from(root.at("kernel"));
  manifest.cell = cell_from(root.at("cell"));
  manifest.cases = list_from(root.at("cases"), case_from);
  manifest.incidents = list_from(root.at("incidents"), incident_from);
  manifest.files = list_from(root.at("files"), file_from);
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
                          {"has_tree", manifest.has_tree},
                          {"kernel", to_record(manifest.kernel)},
                          {"cell", to_record(manifest.cell)},
                          {"cases", to_list(manifest.cases)},
                          {"incidents", to_list(manifest.incidents)},
                          {"files", to_list(manifest.files)}};
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
