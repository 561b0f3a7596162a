// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/gc.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/cache_words.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

using cache::Collected;
using nlohmann::ordered_json;

struct GcOptions {
  std::string keep;
  bool dry_run = false;
};

ordered_json to_json(const Collected& collected, const GcOptions& options) {
  ordered_json root{{"dry_run", options.dry_run},        {"before_bytes", collected.before},
                    {"freed_bytes", collected.freed},    {"after_bytes", collected.after},
                    {"in_use_bytes", collected.in_use},  {"removed", ordered_json::array()},
                    {"leftovers", ordered_json::array()}};
  for (const auto& each : collected.removed) root["removed"].push_back(entry_json(each));
  for (const auto& each : collected.leftovers)
    root["leftovers"].push_back(support::valid_utf8(each));
  return root;
}

void print_text(const Collected& collected, const GcOptions& options, std::uint64_t keep) {
  const char* const word = options.dry_run ? "would remove" : "removed";
  const auto now = now_s();
  for (const auto& each : collected.leftovers)
    fmt::print("{} tmp/{}, left by a killed process\n", word, support::printable(each));
  for (const auto& each : collected.removed)
    fmt::print("{} {}  {}  {}, last used {}\n", word, entry_words(each), size_words(each.bytes),
               each.label.empty() ? "?" : support::printable(each.label),
               age_words(now - each.used_s));
  fmt::print("{} {} of {}; {} {}\n", word, size_words(collected.freed),
             size_words(collected.before), size_words(collected.after),
             options.dry_run ? "would be left" : "are left");
  if (collected.after > keep)
    fmt::print(
        "more than {}: {} are in use, and the rest is not for gc to remove "
        "(kmatrix cache shows it)\n",
        size_words(keep), size_words(collected.in_use));
}

int gc(const CommandLine& line, const GcOptions& options) {
  const auto keep = parse_size(options.keep);
  if (!keep)
    return fail(support::input_error("--keep: '" + options.keep + "' is no size", {},
                                     "20G, 500M, or 0 to remove all that is not in use"));
  const auto collected =
      cache::collect_garbage(line.global.cache, *keep, options.dry_run, line.stop);
  if (!collected) return fail(collected.error());
  if (line.global.json) {
    fmt::print("{}\n", to_json(*collected, options).dump(2));
  } else {
    print_text(*collected, options, *keep);
  }
  return exit_good;
}

}  // namespace

void add_gc(CLI::App& app, CommandLine& line) {
  const auto options = std::make_shared<GcOptions>();
  auto* command = add_command(
      app, line, "gc", "Remove from the cache what was unused for the longest time; never results",
      "kmatrix gc --keep 20G --dry-run", options, gc);
  command->add_option("--keep", options->keep, "Size that the cache may have, such as 20G")
      ->required();
  command->add_flag("--dry-run", options->dry_run, "Only say what would be removed");
  add_json(command, line);
}

}  // namespace kmatrix::cli
