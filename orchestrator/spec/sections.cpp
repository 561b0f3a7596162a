// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/sections.h"

#include <fmt/format.h>

#include <algorithm>

#include "spec/files.h"
#include "spec/test_sources.h"

namespace kmatrix::spec {

namespace {

constexpr std::size_t most_entries = 1'000;
constexpr int longest_timeout_s = 86'400;
/// A living agent says something every 5 s (heartbeat in the agent's protocol.h); three of those.
constexpr int shortest_silence_s = 15;

std::vector<std::string> keys_of(const YamlNode* section) {
  std::vector<std::string> names;
  if (section == nullptr || section->kind != NodeKind::map) return names;
  for (const auto& entry : section->entries) names.push_back(entry.key);
  return names;
}

/// "19"; "" for `true`, the unversioned program.
std::string read_compiler_version(const Field& field, Problems& problems) {
  constexpr std::string_view expected =
      "a version such as 19, or true for the program without a version";
  auto text = read_text(field, expected, problems).value_or("true");
  if (text == "true") return {};
  if (text.find_first_not_of("0123456789.") == std::string::npos && is_word(text, ".")) return text;
  report_type(field, expected, problems);
  return {};
}

/// The name of a recipe images/NAME.yaml.
std::optional<std::string> read_image(const Field& field, Problems& problems) {
  auto name = read_text(field, "the name of an image", problems);
  if (name && !check_name(*name, field.node->at, "an image", problems)) return std::nullopt;
  return name;
}

Toolchain read_toolchain(const Entry& entry, const Fields& fields, Problems& problems) {
  Toolchain toolchain;
  toolchain.name = entry.key;
  toolchain.at = entry.at;
  if (!check_one_of(entry, fields, "toolchain", {"llvm", "gcc"}, problems)) return toolchain;
  check_only_with(fields, "cross", "gcc", problems);
  toolchain.kind = fields.optional("gcc") ? CompilerKind::gcc : CompilerKind::llvm;
  toolchain.version = read_compiler_version(
      fields.optional(toolchain.kind == CompilerKind::gcc ? "gcc" : "llvm"), problems);
  constexpr std::string_view expected = "a prefix that ends with '-', such as aarch64-linux-gnu-";
  const auto cross = fields.optional("cross");
  toolchain.cross_prefix = read_argument(cross, "._+-", expected, problems);
  if (!toolchain.cross_prefix.empty() && !toolchain.cross_prefix.ends_with('-'))
    report_type(cross, expected, problems);
  toolchain.image = read_image(fields.optional("image"), problems).value_or("");
  return toolchain;
}

Machine read_machine(const Entry& entry, const Fields& fields, Problems& problems) {
  Machine machine;
  machine.name = entry.key;
  machine.at = entry.at;
  const auto timeout = [&](const std::string& key, std::chrono::seconds otherwise, int least = 1) {
    const auto seconds = read_number(fields.optional(key), least, longest_timeout_s, problems);
    return seconds ? std::chrono::seconds(*seconds) : otherwise;
  };
  machine.arch =
      read_word(fields.optional("arch"), {"arm64", "x86_64"}, problems).value_or(machine.arch);
  const auto accel = read_word(fields.optional("accel"), {"tcg", "kvm", "auto"}, problems);
  if (accel == "kvm") machine.accel = Accelerator::kvm;
  if (accel == "auto") machine.accel = Accelerator::automatic;
  machine.cpu = read_argument(fields.optional("cpu"), "._+-", "a QEMU CPU model such as cortex-a57",
                              problems);
  machine.cpus = read_number(fields.optional("cpus"), 1, 512, problems).value_or(machine.cpus);
  machine.memory_mib = read_number(fields.optional("memory_mib"), 64, 1 << 20, problems)
                           .value_or(machine.memory_mib);
  machine.boot_timeout = timeout("boot_timeout_s", machine.boot_timeout);
  machine.silence_timeout =
      timeout("silence_timeout_s", machine.silence_timeout, shortest_silence_s);
  const auto arguments =
      read_text(fields.optional("kernel_args"), "kernel arguments such as \"nokaslr\"", problems);
  machine.kernel_args = arguments.value_or("");
  if (machine.kernel_args.find_first_of("\n\t") != std::string::npos)
    report_type(fields.optional("kernel_args"), "kernel arguments on one line", problems);
  machine.image = read_image(fields.optional("image"), problems).value_or(machine.image);
  return machine;
}

}  // namespace

Names names_of(const YamlNode& experiment) {
  Names names;
  names.trees = keys_of(experiment.find("trees"));
  const auto* series = experiment.find("series");
  names.series = keys_of(series);
  if (series == nullptr || series->kind == NodeKind::map)
    names.series.insert(names.series.begin(), base_series);
  names.toolchains = keys_of(experiment.find("toolchains"));
  names.configs = keys_of(experiment.find("configs"));
  names.machines = keys_of(experiment.find("machines"));
  names.suites = keys_of(experiment.find("suites"));
  names.members = names_of_members(experiment.find("suites"));
  return names;
}

bool check_one_of(const Entry& entry, const Fields& fields, const std::string& what,
                  const Keys& choices, Problems& problems) {
  const auto count = std::count_if(choices.begin(), choices.end(), [&](const std::string& key) {
    return static_cast<bool>(fields.optional(key));
  });
  if (!fields.is_map() || count == 1) return fields.is_map();
  const bool misspelt = std::any_of(choices.begin(), choices.end(), [&](const std::string& key) {
    return fields.is_misspelt(key);
  });
  if (count == 0 && misspelt) return false;
  problems.add(entry.at, fmt::format("{} {} needs exactly one of the keys {}", what,
                                     quote(entry.key), fmt::join(choices, ", ")));
  return false;
}

void check_only_with(const Fields& fields, const std::string& key, const std::string& needed,
                     Problems& problems) {
  const auto field = fields.optional(key);
  if (field && !fields.optional(needed))
    problems.add(field.node->at, fmt::format("{} goes with '{}' only", field.what, needed));
}

std::filesystem::path Reading::path(const std::string& written) const {
  constexpr std::string_view prefix = "kmatrix:";
  if (!shipped.empty() && written.starts_with(prefix))
    return (shipped / written.substr(prefix.size())).lexically_normal();
  return (folder / written).lexically_normal();
}

void Reading::check_reference(const YamlNode& name, const std::string& what,
                              const std::string& where,
                              const std::vector<std::string>& known) const {
  if (known.empty() || std::find(known.begin(), known.end(), name.text) != known.end()) return;
  problems.unknown(name.at, what, name.text, where, known);
}

void for_each_named(const Section& section, const Reading& reading,
                    const std::function<void(const Entry&, const Fields&)>& read) {
  if (section.node == nullptr) return;
  const auto& node = *section.node;
  if (node.kind != NodeKind::map || node.entries.empty()) {
    report_type({&node, section.key},
                fmt::format("a mapping of names (each with a mapping of {})",
                            fmt::join(section.known, ", ")),
                reading.problems);
    return;
  }
  if (node.entries.size() > most_entries) {
    reading.problems.add(node.at, fmt::format("more than {} {}", most_entries, section.key));
    return;
  }
  for (const auto& entry : node.entries) {
    check_name(entry.key, entry.at, "a " + section.what, reading.problems);
    read(entry, Fields(entry.value, section.what + " " + quote(entry.key), section.known,
                       reading.problems));
  }
}

std::vector<Toolchain> read_toolchains(const YamlNode* section, const Reading& reading) {
  std::vector<Toolchain> toolchains;
  const auto read = [&](const Entry& entry, const Fields& fields) {
    toolchains.push_back(read_toolchain(entry, fields, reading.problems));
  };
  for_each_named({section, "toolchains", "toolchain", keys::toolchain}, reading, read);
  return toolchains;
}

std::vector<Machine> read_machines(const YamlNode* section, const Reading& reading) {
  std::vector<Machine> machines;
  const auto read = [&](const Entry& entry, const Fields& fields) {
    machines.push_back(read_machine(entry, fields, reading.problems));
  };
  for_each_named({section, "machines", "machine", keys::machine}, reading, read);
  return machines;
}

}  // namespace kmatrix::spec
