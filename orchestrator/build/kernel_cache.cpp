// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/kernel_cache.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "build/artefact.h"
#include "cache/memo_file.h"
#include "support/digest.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 4> kind_names{"machine", "image", "suite", "config"};

std::string kind_name(plan::OriginKind kind) {
  return std::string(kind_names.at(static_cast<std::size_t>(kind)));
}

plan::OriginKind parse_kind(const std::string& name) {
  for (std::size_t i = 0; i < kind_names.size(); ++i)
    if (kind_names.at(i) == name) return static_cast<plan::OriginKind>(i);
  throw json::other_error::create(501, "unknown origin " + name, nullptr);
}

json to_json(const plan::RecipeInputs& inputs) {
  json symbols = json::array(), expect = json::array();
  for (const auto& each : inputs.symbols)
    symbols.push_back(
        {each.symbol, each.value, kind_name(each.kind), each.asked_by, each.optional});
  for (const auto& each : inputs.expect) expect.push_back({each.symbol, each.value});
  json document{{"tree", inputs.tree.hex},    {"series", inputs.series.hex},
                {"arch", inputs.arch},        {"base_config", inputs.base_config},
                {"symbols", symbols},         {"expect", expect},
                {"compiler", inputs.compiler}};
  if (!inputs.tree_fragments.empty()) document["tree_fragments"] = inputs.tree_fragments;
  return document;
}

plan::RecipeInputs parse_inputs(const json& document) {
  plan::RecipeInputs inputs;
  document.at("tree").get_to(inputs.tree.hex);
  document.at("series").get_to(inputs.series.hex);
  document.at("arch").get_to(inputs.arch);
  document.at("base_config").get_to(inputs.base_config);
  document.at("compiler").get_to(inputs.compiler);
  inputs.tree_fragments = document.value("tree_fragments", std::vector<std::string>());
  for (const auto& each : document.at("symbols"))
    inputs.symbols.push_back({each.at(0),
                              each.at(1),
                              parse_kind(each.at(2)),
                              each.at(3),
                              {},
                              each.size() > 4 && each.at(4).get<bool>()});
  for (const auto& each : document.at("expect"))
    inputs.expect.push_back({each.at(0), each.at(1), {}});
  return inputs;
}

/// Also with their places, which are in the tree.
json to_json(const std::vector<plan::ComposedSymbol>& tree_symbols) {
  json list = json::array();
  for (const auto& each : tree_symbols)
    list.push_back(
        {each.symbol, each.value, kind_name(each.kind), each.asked_by, each.at.file, each.at.line});
  return list;
}

std::vector<plan::ComposedSymbol> parse_tree_symbols(const json& list) {
  std::vector<plan::ComposedSymbol> symbols;
  for (const auto& each : list)
    symbols.push_back({each.at(0), each.at(1), parse_kind(each.at(2)), each.at(3),
                       Location{each.at(4), each.at(5), 1}, true});
  return symbols;
}

json to_json(const Memo& memo) {
  json unmet = json::array();
  for (const auto& each : memo.unmet)
    unmet.push_back(
        {{"suite", each.suite}, {"reason", each.reason}, {"explanation", each.explanation}});
  json document{{"inputs", to_json(memo.inputs)},
                {"key", memo.key.digest.hex},
                {"config", memo.config_text},
                {"unmet", unmet}};
  if (!memo.tree_symbols.empty()) document["tree_symbols"] = to_json(memo.tree_symbols);
  return document;
}

Memo parse_memo(const json& document) {
  Memo memo;
  memo.inputs = parse_inputs(document.at("inputs"));
  document.at("key").get_to(memo.key.digest.hex);
  document.at("config").get_to(memo.config_text);
  for (const auto& each : document.at("unmet"))
    memo.unmet.push_back({each.at("suite"), each.at("reason"), each.at("explanation")});
  memo.tree_symbols = parse_tree_symbols(document.value("tree_symbols", json::array()));
  return memo;
}

std::optional<json> read_json(const fs::path& file) {
  const auto memo = cache::read_memo(file);
  if (!memo.text) return std::nullopt;
  json document = json::parse(*memo.text, nullptr, false);
  if (document.is_discarded()) return std::nullopt;
  return document;
}

/// A kernel's name as one file name: anything but letters, digits, '-' and '_' as %XX.
std::string escaped(const std::string& name) {
  std::string text;
  for (const char each : name) {
    const auto byte = static_cast<unsigned char>(each);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || each == '-' || each == '_' ||
                                       (each == '.' && !text.empty()));
    text += plain ? std::string(1, each) : fmt::format("%{:02X}", byte);
  }
  // File systems stop at 255 bytes.
  return text.size() <= 200 ? text : support::digest_of(name).hex;
}

std::string dumped(const json& document) {
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::optional<Memo> KernelCache::memo(const plan::RecipeKey& key) const {
  const auto document = read_json(cache_ / "recipes" / (key.digest.hex + ".json"));
  if (!document) return std::nullopt;
  try {
    return parse_memo(*document);
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

Status KernelCache::remember(const plan::RecipeKey& key, const std::string& kernel_name,
                             const Memo& memo) {
  KMATRIX_TRY(
      cache::write_memo(cache_ / "recipes" / (key.digest.hex + ".json"), dumped(to_json(memo))));
  const json pointer{{"kernel", kernel_name}, {"recipe", key.digest.hex}};
  return cache::write_memo(cache_ / "names" / (escaped(kernel_name) + ".json"), dumped(pointer));
}

std::optional<Memo> KernelCache::latest(const std::string& kernel_name) const {
  const auto pointer = read_json(cache_ / "names" / (escaped(kernel_name) + ".json"));
  if (!pointer || !pointer->is_object() || !pointer->contains("recipe") ||
      !pointer->at("recipe").is_string())
    return std::nullopt;
  return memo({{pointer->at("recipe").get<std::string>()}});
}

std::optional<ArtefactFiles> KernelCache::artefact(const plan::KernelKey& key) const {
  const auto kept = entries_->keep({"kernels", key.digest.hex});
  if (!kept || !*kept) return std::nullopt;
  const auto folder = cache_ / "kernels" / key.digest.hex;
  if (objects_ && !lacks_objects(folder).empty()) return std::nullopt;
  return complete_files(folder);
}

Result<BuildInfo> KernelCache::info(const ArtefactFiles& files) {
  auto record = read_record(files.info);
  if (!record) return record.error();
  return record->info;
}

}  // namespace kmatrix::build
