// SPDX-License-Identifier: GPL-2.0-or-later
// The slice must give the same kernel: plan::recipe_key knows symbols with their values and the
// fragments of the tree in order, not who asked for them. So what the kernel's other suites ask for
// can be a fragment of the config. `kmatrix bundle` expands what is written here and compares the
// keys, so that a mistake here is an error there and never a bundle of something else.
#include "bundle/slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "bundle/fragment_text.h"
#include "spec/git.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::bundle {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_files = std::size_t(8) << 20;

/// "0003-ftrace-add-it.patch": letters, digits and dashes of a title.
std::string patch_name(std::size_t number, const spec::Patch& patch) {
  constexpr std::size_t longest = 60;
  const auto title = patch.title.empty() && patch.kind == spec::Patch::file
                         ? patch.path.stem().string()
                         : patch.title;
  std::string slug;
  for (const char c : title) {
    if (slug.size() == longest) break;
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      slug += c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  const bool numbered =
      slug.size() > 5 && slug[4] == '-' && slug.find_first_not_of("0123456789") == 4;
  return fmt::format("{:04}-{}.patch", number, numbered ? slug.substr(5) : slug);
}

std::string list_of(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const auto& each : texts) quoted.push_back(yaml_text(each));
  return "[" + support::join(quoted, ", ") + "]";
}

/// A repository that others can reach, and whose URL tells nobody a password.
bool is_public(const std::string& repository) {
  return spec::is_url(repository) && spec::is_good_url(repository) &&
         !repository.starts_with("file:") && repository.find('@') == std::string::npos;
}

std::string last_word(const std::string& text) { return text.substr(text.rfind(' ') + 1); }

class Cutting {
 public:
  Cutting(const spec::Experiment& experiment, const plan::PlannedKernel& kernel,
          const plan::PlannedCell& cell, const SliceFacts& facts)
      : experiment_(experiment),
        kernel_(kernel),
        cell_(cell),
        facts_(facts),
        config_(*spec::find(experiment.configs, kernel.config)),
        toolchain_(*spec::find(experiment.toolchains, config_.toolchain)),
        machine_(*spec::find(experiment.machines, cell.machine)),
        suite_(*spec::find(experiment.suites, cell.suite)) {}

  Result<Slice> cut() {
    line("# " + facts_.comment);
    line("kmatrix: 1");
    line("name: " + experiment_.name);
    if (!experiment_.description.empty())
      line("description: " + yaml_text(experiment_.description));
    line("trees:");
    write_tree(kernel_.tree, facts_.tree_description);
    if (!suite_.tests_tree.empty() && suite_.tests_tree != kernel_.tree)
      write_tree(suite_.tests_tree, facts_.tests_description);
    write_series();
    write_toolchain();
    write_config();
    write_machine();
    KMATRIX_TRY(write_suite());
    line(fmt::format("axes:\n  tree: [{}]\n  series: [{}]", kernel_.tree, kernel_.series));
    write_expectation();
    write_ignores();
    slice_.files["experiment.yaml"].content = std::move(yaml_);
    return std::move(slice_);
  }

 private:
  void line(const std::string& text) { yaml_ += text + "\n"; }

  void write_tree(const std::string& name, const std::string& description) {
    const auto& tree = *spec::find(experiment_.trees, name);
    if (const auto* debian = std::get_if<spec::DebianOrigin>(&tree.origin)) {
      std::string more;
      if (!debian->suite.empty()) more += ", suite: " + yaml_text(debian->suite);
      if (description.starts_with(debian->package + " "))
        more += ", version: " + yaml_text(last_word(description));
      return line(fmt::format("  {}: {{debian: {}{}}}", tree.name, debian->package, more));
    }
    const auto* git = std::get_if<spec::GitOrigin>(&tree.origin);
    if (git != nullptr && is_public(git->repository) &&
        description.find(" commit ") != std::string::npos)
      return line(fmt::format("  # It was {}.\n  {}: {{git: {}, revision: {}}}",
                              yaml_text(git->revision), tree.name, yaml_text(git->repository),
                              yaml_text(last_word(description))));
    slice_.to_give.push_back({tree.name, description});
    line(fmt::format("  # Not in the bundle; give it with --tree {}=ORIGIN.", tree.name));
    if (const auto* tarball = std::get_if<spec::TarballOrigin>(&tree.origin))
      return line(fmt::format("  {}: {{tarball: {}, sha256: {}}}", tree.name, tree_place(tree.name),
                              tarball->sha256.hex));
    line(fmt::format("  {}: {{folder: {}}}", tree.name, tree_place(tree.name)));
  }

  /// The kernel's series, and that of the suite's tests; one may be on two trees.
  void write_series() {
    std::map<std::string, std::vector<std::string>> folders;  // by series: "TREE: FOLDER"
    const auto add = [&](const std::string& series, const std::string& tree,
                         const std::string& folder) {
      if (series.empty() || series == spec::base_series) return;
      folders[series].push_back(fmt::format("{}: {}", tree, folder));
      std::size_t number = 0;
      for (const auto& each : *spec::find(experiment_.series, series)->patches_for(tree))
        slice_.files[folder + "/" + patch_name(++number, each)].content = each.content;
    };
    add(kernel_.series, kernel_.tree, "patches");
    if (suite_.tests_tree != kernel_.tree || suite_.tests_series != kernel_.series)
      add(suite_.tests_series, suite_.tests_tree, "tests-patches");
    if (!folders.empty()) line("series:");
    for (const auto& [series, of_trees] : folders)
      line(fmt::format("  {}: {{patches: {{{}}}}}", series, support::join(of_trees, ", ")));
  }

  void write_toolchain() {
    const auto& name = toolchain_.name;
    const auto version = toolchain_.version.empty() ? "true" : toolchain_.version;
    std::string more;
    if (!toolchain_.cross_prefix.empty()) more += ", cross: " + toolchain_.cross_prefix;
    if (!toolchain_.image.empty()) more += ", image: " + toolchain_.image;
    const auto* const kind = toolchain_.kind == spec::CompilerKind::llvm ? "llvm" : "gcc";
    line(fmt::format("toolchains:\n  {}: {{{}: {}{}}}", name, kind, version, more));
  }

  /// A list of fragments, of which the files are put into the slice.
  void write_fragments(std::vector<std::string> names,
                       const std::vector<spec::TreeFragment>& of_tree) {
    for (const auto& each : of_tree) names.push_back("tree:" + each.path);
    if (!names.empty()) line("    fragments: " + list_of(names));
  }

  void add_fragment(const std::string& name, const std::vector<spec::SymbolRequest>& requests,
                    const std::string& comment, std::vector<std::string>& names) {
    if (requests.empty()) return;
    names.push_back("fragments/" + name + ".config");
    slice_.files[names.back()].content = fragment_text(requests, comment);
  }

  /// Whether the suite's fragments of the tree stand in front of all others of the kernel, as they
  /// do where it is the only suite.
  bool suite_comes_first() const {
    const auto& all = kernel_.tree_fragments;
    const auto& own = suite_.tree_fragments;
    return own.size() <= all.size() &&
           std::equal(own.begin(), own.end(), all.begin(),
                      [](const auto& a, const auto& b) { return a.path == b.path; });
  }

  void write_config() {
    line(fmt::format("configs:\n  {}:\n    toolchain: {}\n    base: {}", config_.name,
                     toolchain_.name, config_.base));
    std::vector<std::string> names;
    add_fragment("config", asked_for(kernel_, plan::OriginKind::config),
                 "What the config " + config_.name + " asks for, and nobody before it.", names);
    // What the suite asks for as well need not be said twice.
    auto others = asked_for(kernel_, plan::OriginKind::suite, "suite " + suite_.name);
    const auto needs = requests_for(suite_.needs, kernel_.tree);
    std::erase_if(others, [&](const spec::SymbolRequest& other) {
      return std::any_of(needs.begin(), needs.end(), [&](const spec::SymbolRequest& own) {
        return own.symbol == other.symbol && own.value == other.value &&
               own.optional == other.optional;
      });
    });
    add_fragment("other-suites", others,
                 "What other suites of the experiment ask of the same kernel.", names);
    std::vector<spec::TreeFragment> of_tree;
    const std::size_t first = suite_comes_first() ? suite_.tree_fragments.size() : 0;
    for (std::size_t i = first; i < kernel_.tree_fragments.size(); ++i)
      of_tree.push_back({kernel_.tree_fragments[i].path, {}});
    write_fragments(std::move(names), of_tree);
    const auto expect = requests_for(config_.expect, kernel_.tree);
    if (expect.empty()) return;
    line("    expect:");
    for (const auto& each : expect)
      line(fmt::format("      {}: {}", each.symbol, yaml_value(each.value)));
  }

  void write_machine() {
    line(
        fmt::format("machines:\n  {}:\n    arch: {}\n    accel: {}\n    cpus: {}\n"
                    "    memory_mib: {}\n    boot_timeout_s: {}\n    silence_timeout_s: {}\n"
                    "    image: {}",
                    machine_.name, machine_.arch,
                    facts_.accel.empty() ? to_string(machine_.accel) : facts_.accel, machine_.cpus,
                    machine_.memory_mib, machine_.boot_timeout.count(),
                    machine_.silence_timeout.count(), machine_.image));
    if (!machine_.cpu.empty()) line("    cpu: " + yaml_text(machine_.cpu));
    if (!machine_.kernel_args.empty()) line("    kernel_args: " + yaml_text(machine_.kernel_args));
  }

  Status write_suite() {
    line(fmt::format("suites:\n  {}:\n    runner: {}\n    case_timeout_s: {}\n    shards: {}",
                     suite_.family, to_string(suite_.runner), suite_.case_timeout.count(),
                     suite_.shards));
    if (!suite_.tests_tree.empty())
      line(fmt::format("    tests: {}/{}", suite_.tests_tree, suite_.tests_series));
    if (!suite_.select.empty()) line("    select: " + list_of(suite_.select));
    if (!suite_.deny.empty()) line("    deny: " + list_of(suite_.deny));
    std::vector<std::string> deny_files;
    for (const auto& each : suite_.tree_deny_files) deny_files.push_back("tree:" + each);
    if (!deny_files.empty()) line("    deny_files: " + list_of(deny_files));
    if (!suite_.targets.empty()) line("    targets: " + list_of(suite_.targets));
    std::vector<std::string> names;
    add_fragment("suite", requests_for(suite_.needs, kernel_.tree),
                 "What the suite " + suite_.name + " needs.", names);
    write_fragments(std::move(names), suite_comes_first() ? suite_.tree_fragments
                                                          : std::vector<spec::TreeFragment>());
    return suite_.runner == spec::RunnerKind::script ? write_script() : Status();
  }

  Status write_script() {
    line("    protocol: " + to_string(suite_.protocol));
    std::vector<std::string> files;
    for (const auto& each : suite_.files) {
      files.push_back("files/" + each.filename().string());
      KMATRIX_TRY(support::with_context(add_files(each, files.back()),
                                        "while taking along " + each.string()));
    }
    if (!files.empty()) line("    files: " + list_of(files));
    line("    cases:");
    for (const auto& each : suite_.cases)
      line(fmt::format("      {}: {}", each.name, yaml_text(each.command)));
    return {};
  }

  Status add_files(const fs::path& from, const std::string& name) {
    std::error_code failure;
    const auto status = fs::symlink_status(from, failure);
    if (fs::is_directory(status)) {
      std::vector<fs::path> entries;
      for (fs::directory_iterator walk(from, failure), end; !failure && walk != end;
           walk.increment(failure))
        entries.push_back(walk->path());
      if (failure) return support::input_error("its folder cannot be read");
      for (const auto& each : entries)
        KMATRIX_TRY(add_files(each, name + "/" + each.filename().string()));
      return {};
    }
    if (!fs::is_regular_file(status) || !is_member_name(name))
      return support::input_error("only regular files with plain names travel", {},
                                  "let the suite name them one by one, without links between them");
    auto content = support::read_file(from);
    if (!content) return content.error();
    if ((taken_ += content->size()) > most_files)
      return support::input_error(
          fmt::format("the files of the suite are more than {} MiB", most_files >> 20), {},
          "a bundle is to be small");
    const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    slice_.files[name] = {std::move(*content), executable};
    return {};
  }

  void write_expectation() {
    if (!cell_.expect_unavailable) return;
    line(fmt::format("expect:\n  - where: {{suite: {}}}\n    result: unavailable", suite_.name));
  }

  void write_ignores() {
    if (cell_.ignore.empty()) return;
    line("ignore:");
    for (const auto index : cell_.ignore) {
      const auto& ignore = experiment_.ignore[index];
      line("  - title: " + yaml_text(ignore.title));
      line("    reason: " + yaml_text(ignore.reason));
      if (!ignore.kind.empty()) line("    kind: " + ignore.kind);
    }
  }

  const spec::Experiment& experiment_;
  const plan::PlannedKernel& kernel_;
  const plan::PlannedCell& cell_;
  const SliceFacts& facts_;
  const spec::Config& config_;
  const spec::Toolchain& toolchain_;
  const spec::Machine& machine_;
  const spec::Suite& suite_;
  Slice slice_;
  std::string yaml_;
  std::size_t taken_ = 0;  ///< bytes of files
};

}  // namespace

std::string tree_place(const std::string& tree) { return "trees/" + tree; }

Result<Slice> cut(const spec::Experiment& experiment, const plan::PlannedKernel& kernel,
                  const plan::PlannedCell& cell, const SliceFacts& facts) {
  return Cutting(experiment, kernel, cell, facts).cut();
}

}  // namespace kmatrix::bundle
