// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "machine/hypervisor.h"
#include "support/clock.h"
#include "support/result.h"

// `accel: auto`: KVM where it is there, boots a probe, and is faster than TCG
// (docs/decisions/0007).
namespace kmatrix::machine {

/// An accelerator and, in words, why that one.
struct Choice {
  spec::Accelerator accel = spec::Accelerator::tcg;
  std::string reason;
};

/// From power-on to the end of the probe's work, or why it did not get there.
struct ProbeRun {
  std::optional<support::Seconds> took;
  std::string problem;
};

/// What two runs of the probe mean.
Choice choose(const ProbeRun& tcg, const ProbeRun& kvm);

/// What needs no probe: guests of another architecture than the host's ("x86_64", as uname says).
std::optional<Choice> obvious_choice(const std::string& guest_arch, const std::string& host_arch);

/// The architecture of this host as experiments name it ("arm64" for aarch64).
std::string host_arch();

/// Runs the probe of the machine's architecture (`probes`/kmatrix-probe-ARCH) first under TCG, then
/// under KVM, which gets twice the time that TCG needed: so it ends in bounded time, however slow
/// KVM is. Error: interrupted, or there is no such probe.
Result<Choice> probe_accelerators(Hypervisor& hypervisor, const support::Clock& clock,
                                  const spec::Machine& machine, const std::filesystem::path& probes,
                                  const std::string& name, const std::stop_token& stop);

}  // namespace kmatrix::machine
