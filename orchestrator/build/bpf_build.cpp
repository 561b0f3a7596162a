// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/bpf_build.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "build/build_log.h"
#include "build/toolchain.h"
#include "plan/bpf_tests.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;
using support::infrastructure_error;

namespace {

/// Each round takes out at least one file; trees need two or three.
constexpr int most_rounds = 12;

/// What stands in for a BPF program that does not compile, so that the Makefile finds all it lists.
constexpr const char* stub =
    "char _license[] __attribute__((section(\"license\"), used)) = \"GPL\";\n";

/// Headers that compilers name without a folder among what a test depends on. Trees before 7.x tell
/// make of the first only, so that a second round with O= knows no rule for the others.
constexpr const char* skeletons[] = {"%.skel.h", "%.lskel.h", "%.subskel.h"};

/// Parts of the build that it can do without, by the file that could not be made.
struct Optional {
  const char* target;
  const char* without;
};
constexpr Optional optional_parts[] = {{"libarena.skel.h", "LIBARENA_SKEL="},
                                       {"libarena_asan.skel.h", "LIBARENA_ASAN_SKEL="}};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::directory_iterator walk(folder, failure), end; !failure && walk != end;
       walk.increment(failure))
    if (walk->is_regular_file(failure)) files.push_back(walk->path());
  std::sort(files.begin(), files.end());
  return files;
}

/// "  CLNG-BPF [test_progs] x.bpf.o", "  TEST-OBJ [test_progs] x.test.o": what takes the time.
bool is_step(std::string_view line) {
  return line.starts_with("  CLNG-BPF") || line.starts_with("  TEST-OBJ");
}

bool is_executable(const fs::path& file) {
  std::error_code failure;
  return (fs::status(file, failure).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

/// A file of the build folder that tests run, load or open.
bool is_for_guest(const fs::path& file) {
  const auto name = file.filename().string();
  if (name == "vmlinux" || fs::is_symlink(file)) return false;
  for (const auto* suffix : {".bpf.o", ".ko", ".so", ".BTF"})
    if (name.ends_with(suffix)) return true;
  if (name.starts_with("btf_dump_test_case_")) return name.ends_with(".c");
  return is_executable(file) && name.find(".o") == std::string::npos;
}

Status move(const fs::path& from, const fs::path& to) {
  KMATRIX_TRY(support::make_folders(to.parent_path()));
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure)
    return infrastructure_error("cannot move " + from.string() + ": " + failure.message());
  return {};
}

}  // namespace

bool uses_program(std::string_view source, const std::string& program) {
  for (const auto suffix : {".skel.h", ".lskel.h", ".subskel.h", ".bpf.o"}) {
    const auto name = program + suffix;
    for (auto at = source.find(name); at != std::string_view::npos; at = source.find(name, at + 1))
      if (at == 0 || !is_word_character(source[at - 1])) return true;
  }
  return false;
}

BpfBuild::BpfBuild(Inputs inputs, const Sandbox& sandbox)
    : inputs_(std::move(inputs)), sandbox_(sandbox) {
  progress_.expected = static_cast<int>(files_of(inputs_.folder / "progs").size() +
                                        files_of(inputs_.folder / "prog_tests").size());
}

std::vector<std::string> BpfBuild::command(const std::vector<std::string>& goals) const {
  auto argv = selftests_command(inputs_.arch, inputs_.toolchain);
  argv.insert(argv.end(),
              {"-C", std::string("/src/") + bpf_folder, "O=/build", "VMLINUX_BTF=/build/vmlinux",
               "SKIP_DOCS=1", "SKIP_LLVM=1", "SKIP_LIBBFD=1"});
  for (const auto* headers : skeletons)
    argv.push_back(std::string("--eval=vpath ") + headers + " /build");
  argv.insert(argv.end(), without_.begin(), without_.end());
  argv.insert(argv.end(), goals.begin(), goals.end());
  return argv;
}

Result<bool> BpfBuild::run() {
  for (int round = 0; round < most_rounds; ++round) {
    std::string log;
    auto made = make(log);
    if (!made || *made) return made;
    if (const auto cause = outside_cause(log)) return infrastructure_error(*cause);
    const auto before = blocked_.size() + without_.size();
    const auto failures = parse_bpf_log(log);
    KMATRIX_TRY(take_out(failures));
    if (blocked_.size() + without_.size() > before) continue;
    if (!failures.others.empty())
      failure_ = failures.others.begin()->first + ": " + failures.others.begin()->second;
    return false;
  }
  failure_ = "there is always one more program that does not compile";
  return false;
}

Result<bool> BpfBuild::make(std::string& log) {
  // The list of tests is not made again when a test goes.
  std::error_code ignored;
  fs::remove(inputs_.folder / "prog_tests/tests.h", ignored);
  const auto argv =
      command({"-k", "-j" + std::to_string(inputs_.jobs), "--output-sync=target", "test_progs"});
  inputs_.log("+ " + support::join(argv, " ") + "\n");
  const auto code = sandbox_.run(argv, {}, [&](std::string_view piece) { hear(piece, log); });
  if (!code) return code.error();
  return *code == 0;
}

void BpfBuild::hear(std::string_view piece, std::string& log) {
  inputs_.log(piece);
  log += piece;
  for (const char each : piece) {
    if (each != '\n') {
      line_ += each;
      continue;
    }
    if (is_step(line_) && progress_.done < progress_.expected) {
      ++progress_.done;
      inputs_.on_progress(progress_);
    }
    line_.clear();
  }
}

Status BpfBuild::take_out(const BpfFailures& failures) {
  for (const auto& [name, reason] : failures.programs) KMATRIX_TRY(take_out_program(name, reason));
  for (const auto& [name, reason] : failures.tests) KMATRIX_TRY(take_out_test(name, reason));
  for (const auto& part : optional_parts) {
    const auto name = std::string(part.target);
    const auto stem = name.substr(0, name.find('.'));
    if (failures.others.count(name) == 0 && failures.programs.count(stem) == 0) continue;
    if (std::find(without_.begin(), without_.end(), part.without) == without_.end())
      without_.emplace_back(part.without);
  }
  return {};
}

Status BpfBuild::take_out_program(const std::string& name, const std::string& reason) {
  const auto file = inputs_.folder / "progs" / (name + ".c");
  std::error_code failure;
  if (fs::exists(file, failure)) KMATRIX_TRY(support::write_file(file, stub));
  for (const auto& test : files_of(inputs_.folder / "prog_tests")) {
    const auto source = support::read_file(test);
    if (!source) return source.error();
    if (test.extension() == ".c" && uses_program(*source, name))
      KMATRIX_TRY(take_out_test(test.stem().string(), reason));
  }
  return {};
}

Status BpfBuild::take_out_test(const std::string& name, const std::string& reason) {
  const auto file = inputs_.folder / "prog_tests" / (name + ".c");
  std::error_code failure;
  if (!fs::exists(file, failure)) return {};
  const auto source = support::read_file(file);
  if (!source) return source.error();
  for (const auto& test : plan::tests_in(*source)) blocked_.try_emplace(test, reason);
  fs::remove(file, failure);
  for (const auto* suffix : {".test.o", ".test.d"})
    fs::remove(inputs_.output / (name + suffix), failure);
  return {};
}

Result<std::vector<std::string>> BpfBuild::tests() const {
  auto text = support::read_file(inputs_.folder / "prog_tests/tests.h");
  if (!text) return text.error();
  std::vector<std::string> names;
  constexpr std::string_view begin = "DEFINE_TEST(";
  for (const auto& line : support::split_lines(*text))
    if (line.starts_with(begin) && line.ends_with(")"))
      names.push_back(line.substr(begin.size(), line.size() - begin.size() - 1));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Status BpfBuild::collect(const fs::path& files) {
  // What only a debugger reads is more than half of it.
  const auto strip = strip_program(inputs_.toolchain);
  const auto shell =
      "set -e; cd /build; for file in *.bpf.o *.ko test_progs veristat bpftool; do"
      " [ ! -f \"$file\" ] || " +
      strip + " -g \"$file\"; done";
  const auto code = sandbox_.run({"/bin/sh", "-c", shell}, {}, inputs_.log);
  if (!code) return code.error();
  if (*code != 0) return infrastructure_error("cannot strip what was built for the guest");
  std::error_code failure;
  const auto bpftool = inputs_.output / "tools/build/bpftool/bpftool";
  if (fs::exists(bpftool, failure)) KMATRIX_TRY(move(bpftool, files / "bpftool"));
  for (const auto& file : files_of(inputs_.output))
    if (is_for_guest(file)) KMATRIX_TRY(move(file, files / file.filename()));
  return {};
}

}  // namespace kmatrix::build
