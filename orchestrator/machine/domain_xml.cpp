// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/domain_xml.h"

#include <pugixml.hpp>
#include <sstream>
#include <string_view>

#include "agent/protocol.h"
#include "agent/talk_frame.h"

namespace kmatrix::machine {

namespace {

bool is_arm64(const spec::Machine& machine) { return qemu_arch(machine.arch) == "aarch64"; }

pugi::xml_node add(pugi::xml_node parent, const char* name, const std::string& text = {}) {
  pugi::xml_node node = parent.append_child(name);
  if (!text.empty()) node.text().set(text.c_str());
  return node;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

/// On arm64 everything sits on virtio-mmio, so that the kernel needs no PCI; q35 is a PCI machine
/// and libvirt assigns its addresses.
void add_address(pugi::xml_node device, const spec::Machine& machine) {
  if (is_arm64(machine)) set(add(device, "address"), "type", "virtio-mmio");
}

void add_boot(pugi::xml_node domain, const Hardware& hardware) {
  pugi::xml_node os = add(domain, "os");
  pugi::xml_node type = add(os, "type", "hvm");
  set(type, "arch", qemu_arch(hardware.machine.arch));
  set(type, "machine", qemu_machine(hardware.machine.arch));
  add(os, "kernel", hardware.kernel.string());
  add(os, "cmdline", hardware.command_line);
  pugi::xml_node features = add(domain, "features");
  if (is_arm64(hardware.machine)) set(add(features, "gic"), "version", "3");
  if (!is_arm64(hardware.machine)) add(features, "acpi");
}

void add_cpu(pugi::xml_node domain, const spec::Machine& machine) {
  const bool kvm = machine.accel == spec::Accelerator::kvm;
  std::string model = machine.cpu;
  if (model.empty()) model = kvm ? "host" : is_arm64(machine) ? "cortex-a57" : "max";
  pugi::xml_node cpu = add(domain, "cpu");
  if (model == "host" || model == "max") {
    set(cpu, "mode", model == "host" ? "host-passthrough" : "maximum");
    set(cpu, "check", "none");
    return;
  }
  set(cpu, "mode", "custom");
  set(cpu, "match", "exact");
  set(cpu, "check", "none");
  set(add(cpu, "model", model), "fallback", "forbid");
}

/// No restart of any kind: a guest that goes down is over, and its console tells why.
void add_lifecycle(pugi::xml_node domain) {
  set(add(domain, "clock"), "offset", "utc");
  add(domain, "on_poweroff", "destroy");
  add(domain, "on_reboot", "destroy");
  add(domain, "on_crash", "destroy");
}

/// libvirt attaches disks in the order of their target names. On arm64's virt machine the device
/// that is attached first sits on the last virtio-mmio transport, which Linux probes last
/// (create_virtio_devices in QEMU's hw/arm/virt.c), so there the names count down for the guest to
/// see the first disk as vda.
void add_disks(pugi::xml_node devices, const Hardware& hardware) {
  const std::size_t count = hardware.disks.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t position = is_arm64(hardware.machine) ? count - 1 - i : i;
    pugi::xml_node disk = add(devices, "disk");
    set(disk, "type", "file");
    set(disk, "device", "disk");
    pugi::xml_node driver = add(disk, "driver");
    set(driver, "name", "qemu");
    set(driver, "type", "raw");
    set(add(disk, "source"), "file", hardware.disks[i].string());
    pugi::xml_node target = add(disk, "target");
    set(target, "dev", std::string("vd") + static_cast<char>('a' + position));
    set(target, "bus", "virtio");
    add(disk, "readonly");
    add_address(disk, hardware.machine);
  }
}

void add_controllers(pugi::xml_node devices, const spec::Machine& machine) {
  pugi::xml_node usb = add(devices, "controller");
  set(usb, "type", "usb");
  set(usb, "model", "none");
  pugi::xml_node serial = add(devices, "controller");
  set(serial, "type", "virtio-serial");
  set(serial, "index", "0");
  add_address(serial, machine);
}

void add_serial(pugi::xml_node devices, const spec::Machine& machine,
                const std::filesystem::path& console_log) {
  pugi::xml_node serial = add(devices, "serial");
  set(serial, "type", "pty");
  if (!console_log.empty()) {
    pugi::xml_node log = add(serial, "log");
    set(log, "file", console_log.string());
    set(log, "append", "off");
  }
  pugi::xml_node target = add(serial, "target");
  set(target, "type", is_arm64(machine) ? "system-serial" : "isa-serial");
  set(target, "port", "0");
}

void add_channel(pugi::xml_node devices, const char* name) {
  pugi::xml_node channel = add(devices, "channel");
  set(channel, "type", "unix");
  pugi::xml_node target = add(channel, "target");
  set(target, "type", "virtio");
  set(target, "name", name);
}

/// A virtio console is a real terminal (/dev/hvc0), whatever else the kernel has. libvirt wants the
/// first console of a machine to be its serial port once more.
void add_terminal(pugi::xml_node devices) {
  for (const char* kind : {"serial", "virtio"}) {
    pugi::xml_node console = add(devices, "console");
    set(console, "type", "pty");
    set(add(console, "target"), "type", kind);
    if (std::string_view(kind) == "virtio") set(add(console, "alias"), "name", terminal_alias);
  }
}

}  // namespace

std::string qemu_arch(const std::string& arch) { return arch == "arm64" ? "aarch64" : arch; }

std::string qemu_machine(const std::string& arch) {
  return qemu_arch(arch) == "aarch64" ? "virt" : "q35";
}

std::string domain_type(spec::Accelerator accel) {
  return accel == spec::Accelerator::kvm ? "kvm" : "qemu";
}

std::string domain_xml(const Hardware& hardware, const std::string& emulator,
                       const std::filesystem::path& console_log) {
  const spec::Machine& machine = hardware.machine;
  pugi::xml_document document;
  pugi::xml_node domain = document.append_child("domain");
  set(domain, "type", domain_type(machine.accel));
  add(domain, "name", hardware.name);
  set(add(domain, "memory", std::to_string(machine.memory_mib)), "unit", "MiB");
  add(domain, "vcpu", std::to_string(machine.cpus));
  add_boot(domain, hardware);
  add_cpu(domain, machine);
  add_lifecycle(domain);
  pugi::xml_node devices = add(domain, "devices");
  add(devices, "emulator", emulator);
  add_disks(devices, hardware);
  add_controllers(devices, machine);
  add_serial(devices, machine, console_log);
  if (hardware.talk) add_terminal(devices);
  add_channel(devices, agent::port_name);
  if (hardware.talk) add_channel(devices, agent::talk_port_name);
  set(add(devices, "memballoon"), "model", "none");
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent | pugi::format_no_declaration);
  return std::move(text).str();
}

}  // namespace kmatrix::machine
