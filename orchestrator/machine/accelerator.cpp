// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/accelerator.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "machine/guest_mail.h"
#include "support/text.h"

namespace kmatrix::machine {

namespace fs = std::filesystem;
using spec::Accelerator;
using support::Seconds;

namespace {

/// Emulated, the probe takes a second or two on a host that is not busy.
constexpr Seconds tcg_patience{60};
/// For QEMU to start, however fast TCG was.
constexpr Seconds least_patience{3};
constexpr char end_of_work[] = "kmatrix: probe END";

/// What the guest prints until its work is done; `problem` if it never is.
Result<ProbeRun> watch(GuestMail& mail, const support::Clock& clock, Seconds patience,
                       const std::stop_token& stop) {
  const auto begin = clock.now();
  std::string console;
  while (true) {
    if (stop.stop_requested()) return support::interrupted_error();
    const Mail arrived = mail.take();
    const Seconds elapsed = clock.now() - begin;
    console += arrived.console;
    if (console.find(end_of_work) != std::string::npos) return ProbeRun{elapsed, ""};
    if (arrived.broken) return ProbeRun{std::nullopt, *arrived.broken};
    if (arrived.stopped) return ProbeRun{std::nullopt, *arrived.stopped};
    // It never prints as much as that.
    if (elapsed >= patience || console.size() > GuestMail::most_console)
      return ProbeRun{std::nullopt, fmt::format("it was not done after {:.1f} s", elapsed.count())};
    mail.wait(patience - elapsed, stop);
  }
}

Result<ProbeRun> run_probe(Hypervisor& hypervisor, const support::Clock& clock,
                           const Hardware& hardware, Seconds patience,
                           const std::stop_token& stop) {
  const auto begin = clock.now();
  GuestMail mail;
  auto guest = hypervisor.start(hardware, mail.events());
  if (!guest) return ProbeRun{std::nullopt, guest.error().message};
  auto run = watch(mail, clock, patience, stop);
  if (run && run->took) run->took = clock.now() - begin;
  return run;
}

std::string seconds(const ProbeRun& run) { return fmt::format("{:.1f} s", run.took->count()); }

}  // namespace

Choice choose(const ProbeRun& tcg, const ProbeRun& kvm) {
  if (!tcg.took)
    return {Accelerator::tcg, "the probe does not run here at all: under tcg " + tcg.problem};
  if (!kvm.took)
    return {Accelerator::tcg, fmt::format("kvm cannot run the probe, for which tcg takes {}: {}",
                                          seconds(tcg), support::printable(kvm.problem))};
  return {*kvm.took < *tcg.took ? Accelerator::kvm : Accelerator::tcg,
          fmt::format("the probe takes {} under kvm, {} under tcg", seconds(kvm), seconds(tcg))};
}

std::optional<Choice> obvious_choice(const std::string& guest_arch, const std::string& host) {
  if (guest_arch == host) return std::nullopt;
  return Choice{Accelerator::tcg,
                fmt::format("kvm cannot run {} guests on this {} host", guest_arch, host)};
}

std::string host_arch() {
  utsname names{};
  uname(&names);
  const std::string machine = names.machine;
  return machine == "aarch64" ? "arm64" : machine;
}

Result<Choice> probe_accelerators(Hypervisor& hypervisor, const support::Clock& clock,
                                  const spec::Machine& machine, const fs::path& probes,
                                  const std::string& name, const std::stop_token& stop) {
  Hardware hardware;
  hardware.machine = machine;
  hardware.machine.cpus = 1;
  hardware.machine.memory_mib = 64;
  hardware.kernel = probes / ("kmatrix-probe-" + machine.arch);
  if (!fs::exists(hardware.kernel))
    return support::infrastructure_error("there is no probe " + hardware.kernel.string());
  hardware.machine.accel = Accelerator::tcg;
  hardware.name = name + "-tcg";
  auto tcg = run_probe(hypervisor, clock, hardware, tcg_patience, stop);
  if (!tcg) return tcg.error();
  if (!tcg->took) return choose(*tcg, {});
  hardware.machine.accel = Accelerator::kvm;
  hardware.name = name + "-kvm";
  auto kvm = run_probe(hypervisor, clock, hardware, std::max(2 * *tcg->took, least_patience), stop);
  if (!kvm) return kvm.error();
  return choose(*tcg, *kvm);
}

}  // namespace kmatrix::machine
