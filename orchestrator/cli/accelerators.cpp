// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/accelerators.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "machine/libvirt_hypervisor.h"
#include "support/digest.h"
#include "support/file.h"
#include "support/process.h"

namespace kmatrix::cli {

namespace {

namespace fs = std::filesystem;
using spec::Accelerator;

/// Changes when the host was booted (another kernel, another microcode), when QEMU was exchanged,
/// and when /dev/kvm came or went.
std::string state_of_host(const fs::path& emulator) {
  std::error_code ignored;
  const auto boot = support::read_file("/proc/sys/kernel/random/boot_id");
  const auto size = fs::file_size(emulator, ignored);
  const auto time = fs::last_write_time(emulator, ignored).time_since_epoch().count();
  const bool kvm = access("/dev/kvm", R_OK | W_OK) == 0;
  return fmt::format("{} {} {} {}", boot ? *boot : "", size, time, kvm);
}

/// The memo of a probe of such a machine on this host as it is now.
fs::path memo_of(const GlobalOptions& global, const spec::Machine& machine) {
  const auto emulator = support::find_program("qemu-system-" + machine::qemu_arch(machine.arch));
  const auto probe = support::digest_file(global.agents / ("kmatrix-probe-" + machine.arch));
  const auto digest = support::Hasher()
                          .field("host", state_of_host(emulator))
                          .field("uri", global.uri)
                          .field("arch", machine.arch)
                          .field("cpu", machine.cpu)
                          .field("probe", probe ? probe->hex : "")
                          .finish();
  return global.cache / "probes" / (digest.hex + ".json");
}

std::optional<machine::Choice> read_memo(const fs::path& memo) {
  const auto text = support::read_file(memo);
  if (!text) return std::nullopt;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("accel") || !json["accel"].is_string() ||
      !json.contains("reason") || !json["reason"].is_string())
    return std::nullopt;
  return machine::Choice{json["accel"] == "kvm" ? Accelerator::kvm : Accelerator::tcg,
                         json["reason"].get<std::string>()};
}

Status write_memo(const fs::path& memo, const machine::Choice& choice) {
  const nlohmann::json json = {{"accel", to_string(choice.accel)}, {"reason", choice.reason}};
  return support::write_file(
      memo, json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

Result<machine::Choice> better_accelerator(const GlobalOptions& global,
                                           const spec::Machine& machine, bool afresh,
                                           const std::stop_token& stop) {
  if (auto obvious = machine::obvious_choice(machine.arch, machine::host_arch()))
    return *std::move(obvious);
  const auto memo = memo_of(global, machine);
  if (auto known = read_memo(memo); known && !afresh) return *std::move(known);
  auto folder = runtime_folder();
  if (!folder) return folder.error();
  auto hypervisor = machine::LibvirtHypervisor::connect({global.uri, *folder});
  if (!hypervisor) return hypervisor.error();
  const support::SystemClock clock;
  auto choice = machine::probe_accelerators(**hypervisor, clock, machine, global.agents,
                                            "kmatrix-probe-" + std::to_string(getpid()), stop);
  if (choice) KMATRIX_TRY(write_memo(memo, *choice));
  return choice;
}

Status decide_accelerators(const GlobalOptions& global, spec::Experiment& experiment,
                           const std::set<std::string>& machines, const std::stop_token& stop) {
  for (auto& machine : experiment.machines) {
    if (machine.accel != Accelerator::automatic || machines.count(machine.name) == 0) continue;
    auto choice = better_accelerator(global, machine, false, stop);
    if (!choice)
      return support::with_context(std::move(choice),
                                   "while choosing the accelerator of machine " + machine.name)
          .error();
    machine.accel = choice->accel;
    machine.accel_reason = choice->reason;
  }
  return {};
}

}  // namespace kmatrix::cli
