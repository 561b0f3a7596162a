// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "support/digest.h"
#include "support/result.h"

// An experiment as the user wrote it, complete: fragments and patches have been read, so that
// everything behind this layer can be pure. docs/experiments.md describes the YAML.
namespace kmatrix::spec {

/// A Debian source package such as linux-source-6.12. Empty suite: the machine's own; empty
/// version: the newest one there.
struct DebianOrigin {
  std::string package, suite, version;
};
struct FolderOrigin {
  std::filesystem::path path;
};
struct TarballOrigin {
  std::filesystem::path path;
  support::Digest sha256;
};

/// A revision of a git repository: a folder, or a URL (see is_url).
struct GitOrigin {
  std::string repository, revision;
  Location repository_at, revision_at;
};

struct Tree {
  std::string name;
  std::variant<DebianOrigin, FolderOrigin, TarballOrigin, GitOrigin> origin;
  Location at;
};

/// One patch: a file of its own, a mail of an mbox, or a commit.
struct Patch {
  std::filesystem::path path;  ///< of the file; of a commit "REPOSITORY@COMMIT"
  std::string content;
  std::string title = {};  ///< what its mail or commit calls it; may be empty
  int first_line = 1;      ///< where the content begins in the file
  enum Kind { file, mail, commit } kind = file;
};

/// Where the patches are from: "2 patches of FOLDER", "2 patches of FILE", "2 patches up to
/// REPOSITORY@COMMIT"; "" for none.
std::string describe(const std::vector<Patch>& patches);

/// The series that always exists and has no patches.
inline const std::string base_series = "base";

/// An ordered list of patches. Which list depends on the tree: `by_tree[tree]`, else `by_tree[""]`.
struct Series {
  std::string name;
  std::map<std::string, std::vector<Patch>> by_tree;
  Location at;
  /// The patches for a tree; nullptr if the series has none for that tree.
  const std::vector<Patch>* patches_for(const std::string& tree) const;
};

enum class CompilerKind { llvm, gcc };

/// A toolchain of the host: clang-N with lld-N and llvm-N, or PREFIXgcc-N.
struct Toolchain {
  std::string name;
  CompilerKind kind = CompilerKind::llvm;
  std::string version;       ///< "19"; empty: the unversioned program
  std::string cross_prefix;  ///< GCC: "aarch64-linux-gnu-"
  Location at;
  std::string image = {};  ///< recipe images/NAME.yaml; empty: the host's programs
};

/// One line CONFIG_X=v of a fragment, or one entry of `set`, `expect` or `requires`. The symbol is
/// without CONFIG_; the value as in a .config ("y", "m", "n", "48", "\"text\""); "n" means not set.
struct SymbolRequest {
  std::string symbol, value;
  Location at;
  std::string tree = {};  ///< the only tree that it is about; empty: every tree
  /// Asked for, but it does not matter how it comes out: a symbol that not every tree has.
  bool optional = false;
  bool applies_to(const std::string& other) const { return tree.empty() || tree == other; }
};

/// A config fragment of the kernel's own tree, read once the tree is there. Nothing that it asks
/// for need come out.
struct TreeFragment {
  std::string path;  ///< below the tree
  Location at;
};

struct Config {
  std::string name;
  std::string toolchain;
  std::string base = "allnoconfig";     ///< "allnoconfig", or a defconfig target ("defconfig")
  std::vector<SymbolRequest> requests;  ///< of its fragments and of `set`, in order
  std::vector<SymbolRequest> expect;    ///< what must be in the final .config
  Location at;
  std::vector<TreeFragment> tree_fragments = {};
};

/// `automatic` is decided before anything is run: machine/accelerator.h.
enum class Accelerator { tcg, kvm, automatic };

struct Machine {
  std::string name;
  std::string arch = "arm64";
  Accelerator accel = Accelerator::tcg;
  std::string accel_reason;  ///< why, where `auto` was written and has been decided
  std::string cpu;           ///< QEMU CPU model; empty: a good one for the accelerator
  int cpus = 2;
  int memory_mib = 1024;
  std::chrono::seconds boot_timeout{120};
  /// No byte on console or channel for this long, and the guest counts as hung.
  std::chrono::seconds silence_timeout{300};
  std::string image = "guest-arm64";  ///< recipe images/NAME.yaml
  std::string kernel_args;            ///< appended to the kernel command line
  Location at;
};

enum class RunnerKind { boot, ftracetest, samples, test_progs, kselftest, script };

/// A case of a script suite.
struct ScriptCase {
  std::string name;
  std::string command;  ///< for /bin/sh -c, in the folder with the suite's files
};

/// How the output of a script's case is read.
enum class Protocol {
  automatic,  ///< KTAP if a line "KTAP version" or "TAP version" or a plan "1..N" is there
  ktap,
  exit,  ///< the exit code alone: 0 passed, 4 skipped, all else failed
};

struct Suite {
  std::string name;
  RunnerKind runner = RunnerKind::boot;
  /// Patterns of case names, globs or "/REGULAR EXPRESSION/"; empty `select`: all of the runner.
  std::vector<std::string> select, deny;
  std::vector<std::string> tree_deny_files;  ///< DENYLIST files of the kernel's tree, below it
  std::vector<std::string> targets;          ///< kselftest: folders below tools/testing/selftests
  std::vector<std::filesystem::path> files;  ///< script: files and folders to bring along
  std::vector<ScriptCase> cases;             ///< script
  Protocol protocol = Protocol::automatic;   ///< script
  std::vector<SymbolRequest> needs;          ///< of its fragments: the prerequisites of the suite
  std::vector<TreeFragment> tree_fragments;
  std::chrono::seconds case_timeout{120};
  int shards = 1;  ///< machines that share the cases of a cell
  Location at;
  std::string family = {};  ///< its name without where its tests come from ("NAME@v7.2")
  /// Where its selftests come from; an empty tree: from each kernel's own tree and series.
  std::string tests_tree = {}, tests_series = {};
  /// Is its program built from the kernel's tree, against the kernel?
  bool is_built() const {
    return runner == RunnerKind::test_progs || runner == RunnerKind::kselftest;
  }
};

/// The patterns of a file with one a line and # comments.
std::vector<std::string> parse_pattern_list(const std::string& text);

/// Axis values by name. In a `where` an empty list means any.
struct Slice {
  std::vector<std::string> trees, series, configs, machines, suites;
  Location at;
};

enum class ExpectedState { unavailable };

/// "These cells will be unavailable, and that is right."
struct Expectation {
  Slice where;
  ExpectedState result = ExpectedState::unavailable;
};

/// "NAME=ORIGIN" of the command line, in place of what the file says about that tree or series.
/// ORIGIN of a tree: a folder, an archive, REPOSITORY@REVISION, or a Debian package as apt-get
/// takes it; of a series: a folder or file of patches, or REPOSITORY:FROM..TO. Paths are relative
/// to the current folder.
struct Override {
  enum What { tree, series } what = tree;
  std::string text;
};

/// The kinds of incidents, as `ignore` and the results name them.
inline constexpr std::array<const char*, 11> incident_kinds = {
    "cfi",    "oops",  "bug",     "warning",   "stall", "panic",
    "reboot", "kasan", "lockdep", "hung_task", "other"};

/// "These incidents are known, and this is why they do not count."
struct Ignore {
  std::string kind;    ///< of incident_kinds; empty: any
  std::string title;   ///< `*` and `?` are wildcards, all else stands for itself
  std::string reason;  ///< one line
  Slice where;         ///< the cells that are meant
  Location at;
};

/// What a claim says of the cells that it means.
enum class ClaimKind {
  outcome,        ///< cases have one of these outcomes
  same_results,   ///< as in the cells that differ in these axis values
  no_difference,  ///< is caused by the values of an axis
  same_objects,   ///< are built whatever the value of an axis
  no_incident,    ///< of these kinds
  config,         ///< symbols have these values
};

/// A promise that the experiment makes; each run says whether it holds. docs/claims.md.
struct Claim {
  std::string text;  ///< one sentence, for people
  ClaimKind kind = ClaimKind::outcome;
  Slice where;  ///< the cells (for objects and config: the kernels) that are meant
  Location at;
  /// Patterns of the cases that are meant (empty `cases`: all) and of those that are not.
  std::vector<std::string> cases, except;
  std::vector<std::string> outcomes;   ///< or "unavailable", for a cell as a whole
  std::string message;                 ///< outcome: pattern for the case's message; empty: any
  Slice as;                            ///< same_results: one value of each axis that differs
  std::string axis;                    ///< no_difference, same_objects: "series"
  std::vector<std::string> kinds;      ///< no_incident: of incident_kinds; empty: any
  std::vector<SymbolRequest> symbols;  ///< config
};

/// Whether cases whose verdict is open are run again, and how often at most.
struct Reruns {
  int per_case = 0;          ///< runs in one cell, the first included; 0 or 1: no reruns
  int least = 2;             ///< runs of a case that differs nowhere, until that is believed
  int total = 1'000;         ///< in a run of the experiment
  double confidence = 0.95;  ///< that a verdict needs
  Location at;
};

struct Experiment {
  std::filesystem::path file;
  std::string name, description;
  std::vector<Tree> trees;
  std::vector<Series> series;  ///< `base` included
  std::vector<Toolchain> toolchains;
  std::vector<Config> configs;
  std::vector<Machine> machines;
  std::vector<Suite> suites;
  Slice axes;                           ///< every axis filled in, in order
  std::vector<Slice> include, exclude;  ///< include: each combination is added; exclude: removed
  std::vector<Expectation> expect;
  std::vector<Ignore> ignore;
  std::vector<Claim> claims;
  Reruns reruns;
  std::vector<Override> overrides;  ///< as they were applied; their paths are absolute
  support::Digest digest;           ///< of the YAML text
  std::string text;                 ///< the YAML text, for the record
};

/// The element called `name`, or nullptr.
template <class T>
const T* find(const std::vector<T>& all, const std::string& name) {
  for (const auto& each : all)
    if (each.name == name) return &each;
  return nullptr;
}

std::string to_string(RunnerKind kind);
std::string to_string(Accelerator accel);
std::string to_string(Protocol protocol);

}  // namespace kmatrix::spec
