// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/accelerators.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "machine/libvirt_hypervisor.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::cli {

namespace {

/// One line of the report. `mend` is the command that helps; empty if all is well.
struct Finding {
  std::string what, found, mend;
  bool needed = true;
  bool good = false;
};

struct Program {
  const char* name;
  const char* package;
  bool needed;
};

constexpr Program programs[] = {
    {"qemu-system-aarch64", "qemu-system-arm", true},
    {"bwrap", "bubblewrap", true},
    {"mmdebstrap", "mmdebstrap", true},
    {"mkfs.erofs", "erofs-utils", true},
    {"ccache", "ccache", true},
    {"git", "git", true},
    {"make", "make", true},
    {"flex", "flex", true},
    {"bison", "bison", true},
    {"bc", "bc", true},
    {"depmod", "kmod", true},
    {"clang-19", "clang-19", false},
    {"ld.lld-19", "lld-19", false},
    {"llvm-objcopy-19", "llvm-19", false},
    {"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu", false},
    {"qemu-system-x86_64", "qemu-system-x86", false},
};

std::string first_line(support::ProcessRunner& runner, const std::filesystem::path& program) {
  support::Command command{{program.string(), "--version"}};
  command.timeout = std::chrono::seconds(10);
  const auto exit = runner.run(command);
  if (!exit || exit->output.empty()) return program.string();
  return support::split_lines(exit->output)[0];
}

Finding check_program(support::ProcessRunner& runner, const Program& program) {
  Finding finding{program.name, "", "", program.needed, false};
  const auto path = support::find_program(program.name);
  if (path.empty()) {
    finding.found = "not installed";
    finding.mend = std::string("apt-get install ") + program.package;
    return finding;
  }
  finding.good = true;
  finding.found = first_line(runner, path);
  return finding;
}

/// Can a sandbox be made at all? Some kernels forbid user namespaces to ordinary users.
Finding check_sandbox(support::ProcessRunner& runner) {
  Finding finding{"sandbox", "", "", true, false};
  const auto exit = runner.run({{"bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"}});
  finding.good = exit && exit->good();
  finding.found = finding.good ? "works" : exit ? exit->output : exit.error().message;
  if (!finding.good) finding.mend = "sysctl kernel.unprivileged_userns_clone=1";
  return finding;
}

Finding check_libvirt(const GlobalOptions& global) {
  Finding finding{"libvirt", "", "", true, false};
  auto folder = runtime_folder();
  if (!folder) {
    finding.found = to_string(folder.error());
    return finding;
  }
  auto hypervisor = machine::LibvirtHypervisor::connect({global.uri, *folder});
  finding.good = hypervisor.has_value();
  finding.found = hypervisor ? (*hypervisor)->description() : to_string(hypervisor.error());
  if (!finding.good) finding.mend = "apt-get install libvirt-daemon-driver-qemu qemu-system-arm";
  return finding;
}

/// Is KVM any better than TCG for guests of this host's own architecture? That it can be opened
/// does not say so.
Finding check_kvm(const CommandLine& line) {
  Finding kvm{"kvm", "", "", false, false};
  if (access("/dev/kvm", R_OK | W_OK) != 0) {
    kvm.found = "/dev/kvm is missing or may not be opened";
    if (access("/dev/kvm", F_OK) == 0) kvm.mend = "adduser $USER kvm";
    return kvm;
  }
  spec::Machine machine;
  machine.arch = machine::host_arch();
  const auto choice = better_accelerator(line.global, machine, true, line.stop);
  if (!choice) {
    kvm.found = to_string(choice.error());
    return kvm;
  }
  kvm.good = choice->accel == spec::Accelerator::kvm;
  kvm.found = fmt::format("accel: auto takes {} for {} guests: {}", to_string(choice->accel),
                          machine.arch, choice->reason);
  return kvm;
}

std::vector<Finding> check_accelerators(const CommandLine& line) {
  Finding tcg{"tcg", "emulation in software, on every machine", "", true, true};
  return {tcg, check_kvm(line)};
}

void print_json(const std::vector<Finding>& findings) {
  nlohmann::ordered_json root;
  root["findings"] = nlohmann::ordered_json::array();
  for (const auto& each : findings) {
    nlohmann::ordered_json mend = nullptr;
    if (!each.mend.empty()) mend = each.mend;
    root["findings"].push_back({{"what", each.what},
                                {"good", each.good},
                                {"needed", each.needed},
                                {"found", support::valid_utf8(each.found)},
                                {"mend", mend}});
  }
  fmt::print("{}\n", root.dump(2));
}

void print_text(const std::vector<Finding>& findings) {
  support::TextTable table({"what", "state", "found"});
  for (const auto& each : findings) {
    const std::string state = each.good ? "good" : each.needed ? "MISSING" : "absent";
    table.add({each.what, state, support::printable(std::string(support::trim(each.found)))});
  }
  fmt::print("{}", table.render());
  for (const auto& each : findings)
    if (!each.mend.empty()) fmt::print("to mend {}: {}\n", each.what, each.mend);
}

struct DoctorOptions {};

int doctor(const CommandLine& line, const DoctorOptions&) {
  support::BoostProcessRunner runner;
  std::vector<Finding> findings;
  for (const auto& program : programs) findings.push_back(check_program(runner, program));
  findings.push_back(check_sandbox(runner));
  findings.push_back(check_libvirt(line.global));
  for (auto& each : check_accelerators(line)) findings.push_back(std::move(each));
  if (line.global.json) {
    print_json(findings);
  } else {
    print_text(findings);
  }
  for (const auto& each : findings)
    if (each.needed && !each.good) return exit_infrastructure;
  return exit_good;
}

}  // namespace

void add_doctor(CLI::App& app, CommandLine& line) {
  auto* command = add_command(app, line, "doctor",
                              "Say what is installed, what works, and how to mend the rest",
                              "kmatrix doctor", std::make_shared<DoctorOptions>(), doctor);
  add_json(command, line);
}

}  // namespace kmatrix::cli
