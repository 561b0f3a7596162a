// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/identical.h"

#include <algorithm>

#include "support/digest.h"

namespace kmatrix::run {

using support::Hasher;

namespace {

void add_machine(const machine::Hardware& hardware, Hasher& hasher) {
  const auto& machine = hardware.machine;
  hasher.field("arch", machine.arch)
      .field("accel", to_string(machine.accel))
      .field("cpu", machine.cpu)
      .field("cpus", std::to_string(machine.cpus))
      .field("memory_mib", std::to_string(machine.memory_mib))
      .field("command line", hardware.command_line);
  // Disks are named after their content, the guest agent with it.
  for (const auto& disk : hardware.disks) hasher.field("disk", disk.stem().string());
}

void add_cases(const suite::Suite& suite, Hasher& hasher) {
  for (const auto& each : suite.cases()) {
    hasher.field("case", each.name).field("cwd", each.cwd);
    for (const auto& word : each.argv) hasher.field("argv", word);
    for (const auto& [name, value] : each.env) hasher.field("env " + name, value);
    hasher.field("timeout", std::to_string(each.timeout.count()));
  }
  for (const auto& each : suite.unbuilt()) hasher.field("unbuilt", each.name);
}

}  // namespace

std::string identity_of(const CellTask& task, const machine::Hardware& hardware,
                        const suite::Suite& suite) {
  if (task.signature.empty()) return {};
  Hasher hasher;
  hasher.field("kmatrix identity", "1").field("kernel", task.signature);
  add_machine(hardware, hasher);
  hasher.field("runner", to_string(task.suite->runner))
      .field("protocol", to_string(task.suite->protocol))
      .field("shards", std::to_string(task.suite->shards))
      .field("expect unavailable", task.cell->expect_unavailable ? "y" : "n");
  add_cases(suite, hasher);
  for (const auto* each : task.ignores) hasher.field("ignore", each->kind).field("", each->title);
  return hasher.finish().hex;
}

std::optional<Identities::Twin> Identities::find(const std::string& identity, std::size_t cell) {
  if (identity.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (const auto found = finished_.find(identity); found != finished_.end())
    return Twin{found->second, false};
  const auto [found, added] = running_.emplace(identity, cell);
  if (added) return std::nullopt;
  return Twin{found->second, true};
}

void Identities::ended(std::size_t cell, bool good) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [cell](const auto& each) { return each.second == cell; });
  if (found == running_.end()) return;
  if (good) finished_[found->first] = cell;
  running_.erase(found);
}

}  // namespace kmatrix::run
