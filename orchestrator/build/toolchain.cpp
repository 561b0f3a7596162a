// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/toolchain.h"

#include <algorithm>

#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;

namespace {

/// The clang that compiles BPF programs beside a GCC: that of images/toolchain-trixie.yaml.
constexpr std::string_view bpf_clang = "-19";

std::string suffix(const spec::Toolchain& toolchain) {
  return toolchain.version.empty() ? "" : "-" + toolchain.version;
}

std::string compiler_of(const spec::Toolchain& toolchain) {
  return (toolchain.kind == spec::CompilerKind::llvm ? "clang" : toolchain.cross_prefix + "gcc") +
         suffix(toolchain);
}

/// Debian's name for what is behind a cross prefix: "aarch64-linux-gnu-" -> "-aarch64-linux-gnu".
std::string package_suffix(const std::string& cross_prefix) {
  return cross_prefix.empty() ? "" : "-" + cross_prefix.substr(0, cross_prefix.size() - 1);
}

Result<std::string> first_line(const SystemRoot& system, const fs::path& program,
                               support::ProcessRunner& runner, const std::stop_token& stop) {
  support::Command command;
  if (!system.is_host()) {
    command.argv = system.sandbox();
    command.argv.emplace_back("--");
  }
  command.argv.insert(command.argv.end(), {program.string(), "--version"});
  command.env = {{"PATH", std::string(sandbox_path)}, {"LC_ALL", "C"}};
  command.timeout = std::chrono::seconds(60);
  command.stop = stop;
  auto output = support::run_checked(runner, command);
  if (!output) return output;
  return std::string(support::trim(output->substr(0, output->find('\n'))));
}

}  // namespace

std::vector<Tool> toolchain_tools(const spec::Toolchain& toolchain) {
  const std::string version = suffix(toolchain);
  if (toolchain.kind == spec::CompilerKind::llvm) {
    return {
        {"clang" + version, "clang" + version, true}, {"ld.lld" + version, "lld" + version, true},
        {"llvm-ar" + version, "llvm" + version},      {"llvm-nm" + version, "llvm" + version},
        {"llvm-objcopy" + version, "llvm" + version}, {"llvm-strip" + version, "llvm" + version}};
  }
  const std::string& prefix = toolchain.cross_prefix;
  const std::string cross = package_suffix(prefix);
  return {{compiler_of(toolchain), "gcc" + version + cross, true},
          {prefix + "as", "binutils" + cross, true},
          {prefix + "ld", "binutils" + cross, true},
          {prefix + "objcopy", "binutils" + cross},
          {"gcc", "gcc"}};
}

std::vector<Tool> build_tools() {
  return {{"make", "make"}, {"ccache", "ccache"}, {"flex", "flex"},  {"bison", "bison"},
          {"bc", "bc"},     {"perl", "perl"},     {"depmod", "kmod"}};
}

std::vector<Tool> missing(const std::vector<Tool>& tools, const SystemRoot& system) {
  std::vector<Tool> absent;
  for (const auto& each : tools)
    if (system.find(each.program).empty()) absent.push_back(each);
  return absent;
}

Error absent_error(const spec::Toolchain& toolchain, const Tool& absent) {
  if (toolchain.image.empty())
    return support::input_error(
        "toolchain " + toolchain.name + ": this machine has no " + absent.program, toolchain.at,
        "apt-get install " + absent.package);
  return support::input_error("toolchain " + toolchain.name + ": the image " + toolchain.image +
                                  " has no " + absent.program,
                              toolchain.at, "add the package " + absent.package + " to its recipe");
}

Result<std::string> identify_toolchain(const spec::Toolchain& toolchain, const SystemRoot& system,
                                       support::ProcessRunner& runner, std::stop_token stop) {
  const auto tools = toolchain_tools(toolchain);
  if (const auto absent = missing(tools, system); !absent.empty())
    return absent_error(toolchain, absent.front());
  std::vector<std::string> lines;
  for (const auto& tool : tools) {
    if (!tool.identifies) continue;
    auto line = first_line(system, system.find(tool.program), runner, stop);
    if (!line) return line;
    lines.push_back(*line);
  }
  // It writes the BTF, and Kconfig asks for its version.
  if (const auto pahole = system.find("pahole"); !pahole.empty()) {
    auto line = first_line(system, pahole, runner, stop);
    if (!line) return line;
    lines.push_back("pahole " + *line);
  }
  if (!system.is_host()) lines.push_back(system.identity());
  return support::join(lines, "; ");
}

std::vector<std::string> make_command(const std::string& arch, const spec::Toolchain& toolchain) {
  // LOCALVERSION, even empty, keeps a "+" for a modified tree out of the release.
  std::vector<std::string> argv{"make", "-C", "/src", "O=/build", "ARCH=" + arch, "LOCALVERSION="};
  const std::string compiler = compiler_of(toolchain);
  if (toolchain.kind == spec::CompilerKind::llvm) {
    argv.push_back("LLVM=" + (toolchain.version.empty() ? "1" : "-" + toolchain.version));
    argv.push_back("HOSTCC=ccache " + compiler);
  } else {
    argv.push_back("CROSS_COMPILE=" + toolchain.cross_prefix);
    argv.push_back("HOSTCC=ccache gcc");
  }
  argv.push_back("CC=ccache " + compiler);
  return argv;
}

std::vector<std::string> selftests_command(const std::string& arch,
                                           const spec::Toolchain& toolchain) {
  std::vector<std::string> argv{"make", "ARCH=" + arch, "LOCALVERSION="};
  const bool llvm = toolchain.kind == spec::CompilerKind::llvm;
  // With it the Makefiles tell the guest's compiler from the host's, with clang as well.
  if (arch == "arm64") argv.emplace_back("CROSS_COMPILE=aarch64-linux-gnu-");
  if (llvm) argv.push_back("LLVM=" + (toolchain.version.empty() ? "1" : suffix(toolchain)));
  // BPF programs are clang's in any case.
  const auto version = llvm ? suffix(toolchain) : std::string(bpf_clang);
  argv.push_back("CLANG=ccache clang" + version);
  argv.push_back("LLC=llc" + version);
  argv.push_back("LLVM_STRIP=llvm-strip" + version);
  argv.push_back("LLVM_CONFIG=llvm-config" + version);
  return argv;
}

Tool objdump_tool(const spec::Toolchain& toolchain) {
  if (toolchain.kind == spec::CompilerKind::llvm)
    return {"llvm-objdump" + suffix(toolchain), "llvm" + suffix(toolchain)};
  return {toolchain.cross_prefix + "objdump", "binutils" + package_suffix(toolchain.cross_prefix)};
}

std::string strip_program(const spec::Toolchain& toolchain) {
  // Of LLVM in any case: GNU strip knows no BPF objects.
  const bool llvm = toolchain.kind == spec::CompilerKind::llvm;
  return "llvm-strip" + (llvm ? suffix(toolchain) : std::string(bpf_clang));
}

}  // namespace kmatrix::build
