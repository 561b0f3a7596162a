// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/prepare.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "run/host.h"
#include "support/text.h"

namespace kmatrix::run {

const std::vector<spec::Patch>& patches_of(const spec::Experiment& experiment,
                                           const plan::PlannedKernel& kernel) {
  static const std::vector<spec::Patch> none;
  const auto* series = spec::find(experiment.series, kernel.series);
  const auto* patches = series != nullptr ? series->patches_for(kernel.tree) : nullptr;
  return patches != nullptr ? *patches : none;
}

plan::RecipeInputs recipe_inputs(const spec::Experiment& experiment,
                                 const plan::PlannedKernel& kernel, const support::Digest& tree,
                                 const std::string& compiler) {
  const auto& config = *spec::find(experiment.configs, kernel.config);
  const auto& patches = patches_of(experiment, kernel);
  plan::RecipeInputs inputs;
  inputs.tree = tree;
  if (!patches.empty()) inputs.series = plan::series_digest(patches);
  inputs.arch = kernel.arch;
  inputs.base_config = config.base;
  inputs.symbols = kernel.symbols;
  for (const auto& each : config.expect)
    if (each.applies_to(kernel.tree)) inputs.expect.push_back(each);
  inputs.compiler = compiler;
  for (const auto& each : kernel.tree_fragments) inputs.tree_fragments.push_back(each.path);
  return inputs;
}

namespace {

/// Trees and toolchains are asked once each, however many kernels use them.
struct Known {
  std::map<std::string, source::TreeIdentity> trees;
  std::map<std::string, std::string> compilers;
};

std::string why_built(const build::KernelCache& cache, const plan::PlannedKernel& kernel,
                      const plan::RecipeInputs& inputs) {
  const auto before = cache.latest(kernel.name);
  if (!before) return "never built here";
  const auto changes = plan::differences(before->inputs, inputs);
  return changes.empty() ? "not in the cache" : support::join(changes, "; ");
}

void fill_record(PreparedKernel& prepared, const source::TreeIdentity& tree,
                 const std::vector<spec::Patch>& patches, const plan::RecipeInputs& inputs,
                 const plan::RecipeKey& key) {
  prepared.tree = tree;
  auto& record = prepared.record;
  record.series_description = spec::describe(patches);
  record.tree_description = tree.description;
  record.tree_digest = tree.digest.hex;
  record.series_digest = inputs.series.hex;
  record.compiler = inputs.compiler;
  record.recipe_key = key.digest.hex;
}

void use_memo(PreparedKernel& prepared, const build::Memo& memo, const build::KernelCache& cache) {
  prepared.key = memo.key;
  prepared.unmet = memo.unmet;
  prepared.record.kernel_key = memo.key.digest.hex;
  prepared.record.config_text = memo.config_text;
  prepared.record.tree_symbols = memo.tree_symbols;
  prepared.artefact = cache.artefact(memo.key);
  prepared.record.cached = prepared.artefact.has_value();
}

/// Which of the kernel's suites its .config cannot run. The memo knows what kept the symbols that
/// were asked for from coming out; the suites' own lists say what concerns whom.
void find_unmet(const spec::Experiment& experiment, const plan::Matrix& matrix, std::size_t index,
                PreparedKernel& kernel) {
  const auto explained = std::move(kernel.unmet);
  kernel.unmet.clear();
  if (kernel.record.config_text.empty()) return;
  std::set<std::string> seen;
  for (const auto& cell : matrix.cells) {
    if (cell.kernel != index || !seen.insert(cell.suite).second) continue;
    auto need = build::unmet_need(*spec::find(experiment.suites, cell.suite),
                                  kernel.record.config_text, explained);
    if (need) kernel.unmet.push_back(std::move(*need));
  }
}

/// A suite that the config cannot run must have been announced, and the other way round.
void check_availability(const spec::Experiment& experiment, const plan::Matrix& matrix,
                        Prepared& prepared) {
  for (const auto& cell : matrix.cells) {
    const auto& kernel = prepared.kernels[cell.kernel];
    const build::UnmetNeed* unmet = nullptr;
    for (const auto& each : kernel.unmet)
      if (each.suite == cell.suite) unmet = &each;
    const auto& suite = *spec::find(experiment.suites, cell.suite);
    // Whether BPF programs can be attached shows when they are.
    const bool shows_later = suite.runner == spec::RunnerKind::test_progs && unmet == nullptr;
    if ((unmet != nullptr) == cell.expect_unavailable || shows_later) continue;
    auto error =
        unmet != nullptr
            ? support::input_error(
                  "suite " + cell.suite + " cannot run in cell " + cell.name + ": " + unmet->reason,
                  suite.at,
                  "if that is right, say so under `expect:` with `result: "
                  "unavailable`")
            : support::input_error("cell " + cell.name +
                                       " was expected to be unavailable, but its config has all "
                                       "that the suite needs",
                                   suite.at, "take it out of `expect:`");
    if (unmet != nullptr) error.context.push_back(unmet->explanation);
    prepared.errors.push_back(std::move(error));
  }
}

}  // namespace

/// One kernel's way to its key: look_up(), then configure(), which may run beside that of other
/// kernels.
class KernelPreparation {
 public:
  KernelPreparation(const spec::Experiment& experiment, const plan::PlannedKernel& kernel,
                    source::TreeStore& trees, build::KernelBuilder& builder,
                    build::KernelCache& cache, Known& known)
      : experiment_(experiment),
        kernel_(kernel),
        trees_(trees),
        builder_(builder),
        cache_(cache),
        known_(known),
        tree_(*spec::find(experiment.trees, kernel.tree)),
        config_(*spec::find(experiment.configs, kernel.config)),
        toolchain_(*spec::find(experiment.toolchains, config_.toolchain)) {}

  /// What is asked for and whether that is known; if it is not, the source to ask Kconfig with.
  void look_up(PreparedKernel& out, bool refresh) {
    if (!know_tree(refresh) || !know_compiler()) return;
    const auto& tree = known_.trees.at(tree_.name);
    inputs_ =
        recipe_inputs(experiment_, kernel_, tree.digest, known_.compilers.at(toolchain_.name));
    key_ = plan::recipe_key(inputs_);
    fill_record(out, tree, patches_of(experiment_, kernel_), inputs_, key_);
    memo_ = cache_.memo(key_);
    why_ = why_built(cache_, kernel_, inputs_);
    if (memo_) return;
    auto folder = trees_.patched(tree_, tree, patches_of(experiment_, kernel_));
    if (folder) {
      source_ = *folder;
    } else {
      fail(folder.error());
    }
  }

  void configure(PreparedKernel& out) {
    if (!errors_.empty()) return;
    if (!memo_) memo_ = make_config();
    if (!memo_) return;
    use_memo(out, *memo_, cache_);
    out.record.why = out.record.cached ? "cached" : why_;
  }

  std::vector<Error>& errors() { return errors_; }

  void preview(PreparedKernel& out) {
    const auto compiler = builder_.identify_cheaply(toolchain_);
    if (!compiler) return (void)fail(compiler.error());
    if (!*compiler) {
      out.record.why = "image " + toolchain_.image + " was never made here";
      return;
    }
    known_.compilers[toolchain_.name] = **compiler;
    const auto tree = trees_.identify_cheaply(tree_);
    if (!tree) {
      out.record.why = "tree " + tree_.name + " was never fetched here";
      return;
    }
    const auto inputs =
        recipe_inputs(experiment_, kernel_, tree->digest, known_.compilers.at(toolchain_.name));
    const auto key = plan::recipe_key(inputs);
    fill_record(out, *tree, patches_of(experiment_, kernel_), inputs, key);
    if (const auto memo = cache_.memo(key)) use_memo(out, *memo, cache_);
    out.record.why = out.record.cached ? "cached" : why_built(cache_, kernel_, inputs);
  }

 private:
  bool fail(Error error) {
    error.context.push_back("while preparing kernel " + kernel_.name);
    errors_.push_back(std::move(error));
    return false;
  }

  bool know_tree(bool refresh) {
    if (known_.trees.count(tree_.name) != 0) return true;
    auto identity = trees_.identify(tree_, refresh);
    if (!identity) return fail(identity.error());
    known_.trees[tree_.name] = *identity;
    return true;
  }

  bool know_compiler() {
    if (known_.compilers.count(toolchain_.name) != 0) return true;
    auto identity = builder_.identify(toolchain_);
    if (!identity) return fail(identity.error());
    known_.compilers[toolchain_.name] = *identity;
    return true;
  }

  std::optional<build::Memo> make_config() {
    auto configured = builder_.configure(source_, kernel_, config_, toolchain_);
    for (auto& error : configured.errors) fail(std::move(error));
    if (!configured.errors.empty()) return std::nullopt;
    build::Memo memo{
        inputs_, plan::kernel_key(inputs_, support::digest_of(configured.kernel.config_text)),
        configured.kernel.config_text, configured.kernel.unmet, configured.kernel.tree_symbols};
    if (auto kept = cache_.remember(key_, kernel_.name, memo); !kept) {
      fail(kept.error());
      return std::nullopt;
    }
    return memo;
  }

  const spec::Experiment& experiment_;
  const plan::PlannedKernel& kernel_;
  source::TreeStore& trees_;
  build::KernelBuilder& builder_;
  build::KernelCache& cache_;
  Known& known_;
  const spec::Tree& tree_;
  const spec::Config& config_;
  const spec::Toolchain& toolchain_;
  plan::RecipeInputs inputs_;
  plan::RecipeKey key_;
  std::string why_;
  std::optional<build::Memo> memo_;
  std::filesystem::path source_;
  std::vector<Error> errors_;
};

namespace {

/// Kconfig is one process most of the time, so there is one for each core.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  const auto cores = static_cast<std::size_t>(measure_host().cores);
  for (std::size_t i = 0; i < std::min(count, cores); ++i)
    threads.emplace_back([&] {
      for (auto each = next++; each < count; each = next++) work(each);
    });
}

/// Which trees the selftests of the cells' suites come from, where that is not the kernel's own.
void know_tests(const spec::Experiment& experiment, const plan::Matrix& matrix,
                source::TreeStore& trees, bool refresh, Prepared& prepared) {
  for (const auto& cell : matrix.cells) {
    const auto& suite = *spec::find(experiment.suites, cell.suite);
    if (suite.tests_tree.empty() || prepared.tests_trees.count(suite.tests_tree) != 0) continue;
    auto identity = trees.identify(*spec::find(experiment.trees, suite.tests_tree), refresh);
    if (identity)
      prepared.tests_trees[suite.tests_tree] = *identity;
    else
      prepared.errors.push_back(identity.error());
  }
}

bool is_ours(const Error& error) { return error.kind != ErrorKind::input; }

}  // namespace

Prepared Preparation::prepare(bool refresh_trees) {
  Prepared prepared;
  Known known;
  prepared.kernels.resize(matrix_.kernels.size());
  std::vector<KernelPreparation> all;
  all.reserve(matrix_.kernels.size());
  bool ours = false;
  for (std::size_t i = 0; i < matrix_.kernels.size() && !ours; ++i) {
    auto& out = prepared.kernels[i];
    out.record.kernel = &matrix_.kernels[i];
    out.record.index = i;
    auto& each = all.emplace_back(experiment_, matrix_.kernels[i], trees_, builder_, cache_, known);
    each.look_up(out, refresh_trees);
    // After a failure of our own or an interruption the rest would only repeat it.
    ours = std::any_of(each.errors().begin(), each.errors().end(), is_ours);
  }
  if (!ours) know_tests(experiment_, matrix_, trees_, refresh_trees, prepared);
  if (!ours) in_parallel(all.size(), [&](std::size_t i) { all[i].configure(prepared.kernels[i]); });
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (auto& error : all[i].errors()) prepared.errors.push_back(std::move(error));
    if (!prepared.errors.empty() && is_ours(prepared.errors.back())) return prepared;
    find_unmet(experiment_, matrix_, i, prepared.kernels[i]);
  }
  if (prepared.errors.empty()) check_availability(experiment_, matrix_, prepared);
  return prepared;
}

Prepared Preparation::preview() {
  Prepared prepared;
  Known known;
  prepared.kernels.resize(matrix_.kernels.size());
  for (std::size_t i = 0; i < matrix_.kernels.size(); ++i) {
    auto& out = prepared.kernels[i];
    out.record.kernel = &matrix_.kernels[i];
    out.record.index = i;
    KernelPreparation one(experiment_, matrix_.kernels[i], trees_, builder_, cache_, known);
    one.preview(out);
    for (auto& error : one.errors()) prepared.errors.push_back(std::move(error));
    find_unmet(experiment_, matrix_, i, out);
  }
  return prepared;
}

}  // namespace kmatrix::run
