// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine/domain_xml.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

namespace kmatrix::machine {
namespace {

Hardware arm64() {
  Hardware hardware;
  hardware.name = "kmatrix-1-1";
  hardware.kernel = "/cache/Image";
  hardware.disks = {"/cache/root.erofs", "/cache/cell.erofs"};
  hardware.command_line = command_line(hardware.machine);
  return hardware;
}

pugi::xml_document parsed(const Hardware& hardware) {
  pugi::xml_document document;
  EXPECT_TRUE(document.load_string(domain_xml(hardware, "/usr/bin/qemu").c_str()));
  return document;
}

constexpr char golden[] = R"(<domain type="qemu">
  <name>kmatrix-1-1</name>
  <memory unit="MiB">1024</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch="aarch64" machine="virt">hvm</type>
    <kernel>/cache/Image</kernel>
    <cmdline>console=ttyAMA0 root=/dev/vda rootfstype=erofs ro init=/sbin/kmatrix-agent panic=-1 loglevel=8 printk.time=1 printk.devkmsg=on</cmdline>
  </os>
  <features>
    <gic version="3" />
  </features>
  <cpu mode="custom" match="exact" check="none">
    <model fallback="forbid">cortex-a57</model>
  </cpu>
  <clock offset="utc" />
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-aarch64</emulator>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw" />
      <source file="/cache/root.erofs" />
      <target dev="vdb" bus="virtio" />
      <readonly />
      <address type="virtio-mmio" />
    </disk>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw" />
      <source file="/cache/cell.erofs" />
      <target dev="vda" bus="virtio" />
      <readonly />
      <address type="virtio-mmio" />
    </disk>
    <controller type="usb" model="none" />
    <controller type="virtio-serial" index="0">
      <address type="virtio-mmio" />
    </controller>
    <serial type="pty">
      <log file="/run/console.log" append="off" />
      <target type="system-serial" port="0" />
    </serial>
    <channel type="unix">
      <target type="virtio" name="org.kmatrix.agent.0" />
    </channel>
    <memballoon model="none" />
  </devices>
</domain>
)";

TEST(DomainXmlTest, DescribesAnArm64MachineUnderTcg) {
  EXPECT_EQ(domain_xml(arm64(), "/usr/bin/qemu-system-aarch64", "/run/console.log"), golden);
}

TEST(DomainXmlTest, LogsTheConsoleToNoFileUnlessAsked) {
  EXPECT_EQ(domain_xml(arm64(), "/usr/bin/qemu").find("<log"), std::string::npos);
}

TEST(DomainXmlTest, HasATerminalAndAPortOnlyToBeTalkedTo) {
  Hardware hardware = arm64();
  EXPECT_FALSE(parsed(hardware).child("domain").child("devices").child("console"));
  hardware.talk = true;
  const auto document = parsed(hardware);
  const auto devices = document.child("domain").child("devices");
  const auto terminal = devices.find_child([](const auto& each) { return each.child("alias"); });
  EXPECT_STREQ(terminal.name(), "console");
  EXPECT_STREQ(terminal.child("target").attribute("type").value(), "virtio");
  EXPECT_STREQ(terminal.child("alias").attribute("name").value(), terminal_alias);
  EXPECT_STREQ(
      devices.last_child().previous_sibling("channel").child("target").attribute("name").value(),
      "org.kmatrix.talk.0");
}

TEST(DomainXmlTest, PassesTheHostsCpuThroughUnderKvm) {
  Hardware hardware = arm64();
  hardware.machine.accel = spec::Accelerator::kvm;
  const auto document = parsed(hardware);
  const auto domain = document.child("domain");
  EXPECT_STREQ(domain.attribute("type").value(), "kvm");
  EXPECT_STREQ(domain.child("cpu").attribute("mode").value(), "host-passthrough");
}

TEST(DomainXmlTest, TakesTheCpuModelThatWasAskedFor) {
  Hardware hardware = arm64();
  hardware.machine.cpu = "neoverse-n1";
  EXPECT_STREQ(parsed(hardware).child("domain").child("cpu").child("model").text().get(),
               "neoverse-n1");
  hardware.machine.cpu = "max";
  EXPECT_STREQ(parsed(hardware).child("domain").child("cpu").attribute("mode").value(), "maximum");
}

TEST(DomainXmlTest, DescribesAnX8664MachineOnPci) {
  Hardware hardware = arm64();
  hardware.machine.arch = "x86_64";
  const auto document = parsed(hardware);
  const auto domain = document.child("domain");
  EXPECT_STREQ(domain.child("os").child("type").attribute("machine").value(), "q35");
  EXPECT_FALSE(domain.child("features").child("gic"));
  const auto devices = domain.child("devices");
  EXPECT_FALSE(devices.child("disk").child("address")) << "libvirt assigns PCI addresses";
  EXPECT_STREQ(devices.child("disk").child("target").attribute("dev").value(), "vda");
  EXPECT_STREQ(devices.child("serial").child("target").attribute("type").value(), "isa-serial");
}

TEST(DomainXmlTest, EscapesWhateverIsInATextOrAPath) {
  Hardware hardware = arm64();
  hardware.name = "a</name><name>b";
  hardware.command_line = "a=\"<&>'\"";
  hardware.disks = {"/tmp/\"/><evil x='.img"};
  const auto document = parsed(hardware);
  const auto domain = document.child("domain");
  EXPECT_EQ(domain.child("name").text().get(), hardware.name);
  EXPECT_EQ(domain.child("os").child("cmdline").text().get(), hardware.command_line);
  EXPECT_EQ(domain.child("devices").child("disk").child("source").attribute("file").value(),
            hardware.disks[0].string());
}

TEST(CommandLineTest, NamesTheConsoleOfTheArchitecture) {
  spec::Machine machine;
  EXPECT_TRUE(command_line(machine).starts_with("console=ttyAMA0 root=/dev/vda "));
  machine.arch = "x86_64";
  EXPECT_TRUE(command_line(machine).starts_with("console=ttyS0 root=/dev/vda "));
}

TEST(CommandLineTest, EndsWithTheArgumentsOfTheExperiment) {
  spec::Machine machine;
  machine.kernel_args = "nokaslr panic=5";
  EXPECT_TRUE(command_line(machine).ends_with(" nokaslr panic=5"));
}

}  // namespace
}  // namespace kmatrix::machine
