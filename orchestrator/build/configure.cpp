// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cctype>

#include "build/build_log.h"
#include "build/check.h"
#include "build/dot_config.h"
#include "build/explain_source.h"
#include "build/kernel_builder.h"
#include "build/relations.h"
#include "build/sandbox.h"
#include "build/toolchain.h"
#include "build/workplace.h"
#include "cache/work_folder.h"
#include "plan/compose.h"
#include "spec/load.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::build {

namespace fs = std::filesystem;

namespace {

/// A fragment of the tree asks for much at once; some hundred symbols are usual.
constexpr std::uintmax_t largest_fragment = 1 << 20;

Error no_fragment(const fs::path& source, const plan::PlannedKernel& kernel,
                  const plan::PlannedFragment& fragment) {
  const auto path = fs::path(fragment.path);
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator walk(source / path.parent_path(), failure), end;
       !failure && walk != end; walk.increment(failure))
    names.push_back((path.parent_path() / walk->path().filename()).string());
  return support::input_error(
      fragment.asked_by + ": the tree " + kernel.tree + " has no file " + fragment.path,
      fragment.at, support::did_you_mean(fragment.path, names));
}

/// What the tree's own fragments ask for beyond the kernel's symbols.
Result<std::vector<plan::ComposedSymbol>> read_tree_fragments(const fs::path& source,
                                                              const plan::PlannedKernel& kernel) {
  std::vector<plan::ReadFragment> fragments;
  for (const auto& each : kernel.tree_fragments) {
    const auto file = source / each.path;
    std::error_code failure;
    if (!fs::is_regular_file(file, failure)) return no_fragment(source, kernel, each);
    if (fs::file_size(file, failure) > largest_fragment)
      return support::input_error(each.path + " of the tree is too large for a fragment", each.at);
    const auto text = support::read_file(file);
    if (!text) return text.error();
    fragments.push_back({each, spec::parse_tree_fragment(*text, "tree:" + each.path)});
  }
  return plan::tree_symbols(fragments, kernel.symbols);
}

constexpr const char* allnoconfig = "allnoconfig";

/// A base is handed to make as a target: let nothing through that means more to it.
bool is_config_target(const std::string& base) {
  const auto plain = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '_' || each == '-' || each == '.';
  };
  return base.ends_with("config") && !base.starts_with('-') && !base.starts_with('.') &&
         std::all_of(base.begin(), base.end(), plain);
}

/// A build folder in which the tree's Kconfig runs.
class Kconfig {
 public:
  Kconfig(const Sandbox& sandbox, fs::path folder, std::vector<std::string> make)
      : sandbox_(sandbox), folder_(std::move(folder)), make_(std::move(make)) {}

  /// The final .config of base and requests.
  Result<std::string> compose(const spec::Config& config, const plan::PlannedKernel& kernel) {
    if (!is_config_target(config.base))
      return support::input_error(
          "config " + config.name + ": '" + config.base + "' is no base of a config", config.at,
          "allnoconfig, or a target that make help lists, such as defconfig");
    KMATRIX_TRY(config.base == allnoconfig ? start_from_nothing(config, kernel)
                                           : start_from_defconfig(config, kernel));
    return support::read_file(folder_ / ".config");
  }

  /// What Kconfig says of every symbol of the tree, with the values of the .config here.
  Result<RelationTable> relations() {
    KMATRIX_TRY(support::write_file(folder_ / "kmatrix-explain.c", explain_program));
    KMATRIX_TRY(support::write_file(folder_ / "kmatrix.mk", explain_makefile));
    KMATRIX_TRY(run({"kmatrixconfig"}, {}, {{"MAKEFILES", "/build/kmatrix.mk"}}));
    auto text = support::read_file(folder_ / "kmatrix.relations");
    if (!text) return text.error();
    return parse_relations(*text);
  }

 private:
  Status start_from_nothing(const spec::Config& config, const plan::PlannedKernel& kernel) {
    KMATRIX_TRY(support::write_file(folder_ / "kmatrix.config", fragment_text(kernel.symbols)));
    return run({"KCONFIG_ALLCONFIG=/build/kmatrix.config", allnoconfig}, config.at);
  }

  Status start_from_defconfig(const spec::Config& config, const plan::PlannedKernel& kernel) {
    KMATRIX_TRY(run({config.base}, config.at));
    const auto base = support::read_file(folder_ / ".config");
    if (!base) return base.error();
    KMATRIX_TRY(support::write_file(folder_ / ".config", merged(*base, kernel.symbols)));
    return run({"olddefconfig"}, config.at);
  }

  Status run(const std::vector<std::string>& goals, const Location& at,
             const std::map<std::string, std::string>& variables = {}) {
    auto argv = make_;
    argv.insert(argv.end(), goals.begin(), goals.end());
    std::string log;
    const auto code = sandbox_.run(argv, variables, [&](std::string_view piece) { log += piece; });
    if (!code) return code.error();
    if (*code == 0) return {};
    if (const auto cause = outside_cause(log)) return support::infrastructure_error(*cause);
    return support::input_error("make " + goals.back() + " failed: " + first_error(log), at);
  }

  const Sandbox& sandbox_;
  fs::path folder_;
  std::vector<std::string> make_;
};

}  // namespace

KernelBuilder::Configured KernelBuilder::configure(const fs::path& source,
                                                   const plan::PlannedKernel& kernel,
                                                   const spec::Config& config,
                                                   const spec::Toolchain& toolchain) {
  Configured configured;
  const auto fail = [&](Error error) {
    error.context.push_back("while configuring " + kernel.name);
    configured.errors.push_back(std::move(error));
    return configured;
  };
  auto of_tree = read_tree_fragments(source, kernel);
  if (!of_tree) return fail(of_tree.error());
  // Of a choice the last member that is set wins: nothing of the tree may displace what was asked.
  auto asked = kernel;
  asked.symbols = *of_tree;
  asked.symbols.insert(asked.symbols.end(), kernel.symbols.begin(), kernel.symbols.end());
  configured.kernel.tree_symbols = std::move(*of_tree);
  const auto folder = cache::WorkFolder::create(options_.cache, "config-");
  if (!folder) return fail(folder.error());
  const auto ready = prepare(source, toolchain, folder->path());
  if (!ready) return fail(ready.error());
  Kconfig kconfig(ready->sandbox, ready->build, make_command(kernel.arch, toolchain));
  auto text = kconfig.compose(config, asked);
  if (!text) return fail(text.error());
  configured.kernel.config_text = std::move(*text);
  const auto found = mismatches(kernel, config, DotConfig(configured.kernel.config_text));
  if (found.empty()) return configured;
  auto table = kconfig.relations();
  if (!table && table.error().kind != ErrorKind::input) return fail(table.error());
  judge(found, table ? *table : RelationTable{}, configured);
  for (auto& error : configured.errors) error.context.push_back("while configuring " + kernel.name);
  return configured;
}

}  // namespace kmatrix::build
