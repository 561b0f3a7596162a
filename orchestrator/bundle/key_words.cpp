// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/key_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/digest.h"
#include "support/text.h"

namespace kmatrix::bundle {

namespace {

using Lines = std::set<std::string>;

Lines lines_of(const std::string& config) {
  Lines lines;
  for (auto& line : support::split_lines(config))
    if (line.starts_with("CONFIG_") || line.starts_with("# CONFIG_")) lines.insert(std::move(line));
  return lines;
}

std::string symbol_of(const std::string& line) {
  const auto begin = line.find("CONFIG_") + 7;
  return line.substr(begin, line.find_first_of("= ", begin) - begin);
}

/// "3 symbols differ: A, B, C"
std::string config_words(const std::string& recorded, const std::string& now) {
  constexpr std::size_t enough = 6;
  const auto before = lines_of(recorded), after = lines_of(now);
  std::vector<std::string> differ;
  std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                std::back_inserter(differ));
  std::set<std::string> symbols;
  for (const auto& line : differ) symbols.insert(symbol_of(line));
  std::vector<std::string> shown(symbols.begin(), symbols.end());
  const auto count = shown.size();
  if (count > enough) {
    shown.resize(enough);
    shown.emplace_back("...");
  }
  return fmt::format("{} symbol{} differ{}: {}", count, count == 1 ? "" : "s",
                     count == 1 ? "s" : "", support::join(shown, ", "));
}

/// All values of each name.
std::map<std::string, std::string> values_of(const CellRecord& cell) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : cell.inputs) {
    auto& all = values[name];
    all += (all.empty() ? "" : ", ") + value;
  }
  return values;
}

std::string meaning_of_input(const std::string& name) {
  static const std::map<std::string, std::string> meanings = {
      {"image", "the guest's programs come from another recipe"},
      {"agent", "kmatrix's agent in the guest is another build; it starts the cases, no more"},
      {"guest scripts", "kmatrix's scripts in the guest are of another version"},
      {"tests", "the tests themselves come from another source"},
      {"hypervisor", "another libvirt runs the machine"},
      {"accel", "emulation and hardware differ in speed and in what races show"},
      {"cell", "kmatrix runs or judges cases differently now"}};
  const auto found = meanings.find(name);
  return found != meanings.end() ? found->second : "the cell is not quite the one that ran";
}

class Keys {
 public:
  explicit Keys(Sameness& sameness) : sameness_(sameness) {}

  void add(const std::string& name, const std::string& recorded, const std::string& now,
           const std::string& meaning) {
    if (recorded == now)
      sameness_.same_keys.push_back(name);
    else
      sameness_.keys.push_back({name, recorded, now, meaning});
  }

 private:
  Sameness& sameness_;
};

std::string meaning_of_signature(const KernelRecord& recorded, const KernelRecord& now) {
  return recorded.kernel_key == now.kernel_key
             ? "the same inputs gave other code: this kernel does not build reproducibly here"
             : "the machine loads other code";
}

std::string meaning_of_key(const KernelRecord& recorded, const KernelRecord& now) {
  return !recorded.signature.empty() && recorded.signature == now.signature
             ? "other inputs, but the machine loads the very same code"
             : "it is not the kernel that ran";
}

}  // namespace

void compare_keys(const Side& recorded, const Side& now, Sameness& sameness) {
  Keys keys(sameness);
  const auto& before = recorded.manifest.kernel;
  const auto& after = now.manifest.kernel;
  keys.add("tree", before.tree_digest, after.tree_digest, "the kernel is built from other source");
  keys.add("series", before.series_digest, after.series_digest, "other patches are applied");
  const bool same_config = recorded.config == now.config;
  keys.add("config", support::digest_of(recorded.config).hex, support::digest_of(now.config).hex,
           same_config ? "" : config_words(recorded.config, now.config));
  keys.add("compiler", before.compiler, after.compiler, "it may generate other code");
  keys.add("kernel", before.kernel_key, after.kernel_key, meaning_of_key(before, after));
  // Without a build there is none.
  if (!before.signature.empty() && !after.signature.empty())
    keys.add("signature", before.signature, after.signature, meaning_of_signature(before, after));
  const auto were = values_of(recorded.manifest.cell);
  auto are = values_of(now.manifest.cell);
  for (const auto& [name, value] : were)
    if (name != "kernel") keys.add(name, value, are[name], meaning_of_input(name));
  for (const auto& [name, value] : are)
    if (were.count(name) == 0 && name != "kernel")
      keys.add(name, "", value, meaning_of_input(name));
  keys.add("kmatrix", recorded.manifest.kmatrix_version, now.manifest.kmatrix_version,
           "another version of kmatrix");
}

}  // namespace kmatrix::bundle
