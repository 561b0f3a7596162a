// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cache/inventory.h"
#include "cache/verify.h"
#include "cli/cache_words.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using cache::Inventory;
using nlohmann::ordered_json;

struct CacheOptions {
  bool entries = false;
};
struct VerifyOptions {};

struct KindSum {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;
  std::int64_t oldest_s = 0, used_s = 0;
};

std::map<std::string, KindSum> by_kind(const Inventory& inventory) {
  std::map<std::string, KindSum> sums;
  for (const auto& each : inventory.entries) {
    auto& sum = sums[each.entry.kind];
    ++sum.entries;
    sum.bytes += each.bytes;
    if (sum.oldest_s == 0 || each.used_s < sum.oldest_s) sum.oldest_s = each.used_s;
    sum.used_s = std::max(sum.used_s, each.used_s);
  }
  return sums;
}

void print_json(const CommandLine& line, const Inventory& inventory) {
  ordered_json root{{"folder", support::valid_utf8(line.global.cache.string())},
                    {"bytes", inventory.bytes},
                    {"entries", ordered_json::array()},
                    {"others", ordered_json::array()}};
  for (const auto& each : inventory.entries) root["entries"].push_back(entry_json(each));
  for (const auto& each : inventory.others)
    root["others"].push_back({{"name", support::valid_utf8(each.name)}, {"bytes", each.bytes}});
  fmt::print("{}\n", root.dump(2));
}

void print_kinds(const Inventory& inventory) {
  support::TextTable table({"kind", "entries", "size", "last used", "longest unused"});
  const auto now = now_s();
  for (const auto& [kind, sum] : by_kind(inventory))
    table.add({kind, std::to_string(sum.entries), size_words(sum.bytes),
               age_words(now - sum.used_s), age_words(now - sum.oldest_s)});
  for (const auto& each : inventory.others)
    table.add({support::printable(each.name), "-", size_words(each.bytes), "-", "-"});
  fmt::print("{}", table.render());
}

void print_entries(const Inventory& inventory) {
  support::TextTable table({"entry", "size", "made", "last used", "what"});
  const auto now = now_s();
  for (const auto& each : inventory.entries)
    table.add({entry_words(each), size_words(each.bytes), age_words(now - each.made_s),
               each.in_use ? "now" : age_words(now - each.used_s), support::printable(each.label)});
  fmt::print("{}", table.render());
}

int show_cache(const CommandLine& line, const CacheOptions& options) {
  const auto inventory = cache::take_inventory(line.global.cache, line.stop);
  if (!inventory) return fail(inventory.error());
  if (line.global.json) {
    print_json(line, *inventory);
    return exit_good;
  }
  if (options.entries) {
    print_entries(*inventory);
  } else {
    print_kinds(*inventory);
  }
  fmt::print("{} in {}\n", size_words(inventory->bytes), line.global.cache.string());
  return exit_good;
}

ordered_json to_json(const cache::Verified& verified) {
  ordered_json root{{"good", verified.damaged.empty()}, {"entries", verified.entries},
                    {"memos", verified.memos},          {"unsealed", verified.unsealed},
                    {"bytes", verified.bytes},          {"damaged", ordered_json::array()}};
  for (const auto& each : verified.damaged)
    root["damaged"].push_back(
        {{"kind", each.entry.kind},
         {"name", each.entry.name.empty() ? ordered_json() : ordered_json(each.entry.name)},
         {"label", each.label.empty() ? ordered_json() : ordered_json(each.label)},
         {"damage", support::valid_utf8(each.damage)},
         {"removed", each.removed}});
  return root;
}

void print_text(const cache::Verified& verified) {
  for (const auto& each : verified.damaged) {
    auto name = each.entry.kind;
    if (!each.entry.name.empty()) name += "/" + each.entry.name.substr(0, 12);
    if (!each.label.empty()) name += " (" + each.label + ")";
    fmt::print(
        "{} is damaged: {}; {}\n", support::printable(name), support::printable(each.damage),
        each.removed ? "removed, to be made again when it is needed" : "in use, so it was left");
  }
  fmt::print("{} entries and {} memos read, {}: {} damaged\n", verified.entries, verified.memos,
             size_words(verified.bytes), verified.damaged.size());
  if (verified.unsealed > 0)
    fmt::print("{} entries of an earlier version have no digests before their next use\n",
               verified.unsealed);
}

int verify_cache(const CommandLine& line, const VerifyOptions&) {
  const bool live = is_live();
  const auto verified = cache::verify(
      line.global.cache,
      [live](const cache::Entry& entry) {
        if (live) fmt::print(stderr, "\r\x1b[Kreading {}/{:.12}", entry.kind, entry.name);
      },
      line.stop);
  if (live) fmt::print(stderr, "\r\x1b[K");
  if (!verified) return fail(verified.error());
  if (line.global.json) {
    fmt::print("{}\n", to_json(*verified).dump(2));
  } else {
    print_text(*verified);
  }
  return verified->damaged.empty() ? exit_good : exit_infrastructure;
}

}  // namespace

void add_cache(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<CacheOptions>();
  auto* command =
      add_command(app, line, "cache", "Show what is in the cache, and check it",
                  "kmatrix cache --entries && kmatrix cache verify", options, show_cache);
  command->add_flag("--entries", options->entries, "Each entry instead of a line a kind");
  add_json(command, line);
  auto* verify = add_command(
      *command, line, "verify",
      "Read all of the cache and remove what is damaged (exit code 69 if there was any)",
      "kmatrix cache verify", std::make_shared<VerifyOptions>(), verify_cache);
  add_json(verify, line);
  // Otherwise the outer command, whose callback comes later, would be the one that is done.
  command->callback([&line, options, verify] {
    if (verify->parsed()) return;
    line.chosen = [&line, options] { return show_cache(line, *options); };
  });
}

}  // namespace kmatrix::cli
