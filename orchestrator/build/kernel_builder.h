// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "build/system_root.h"
#include "cache/cache.h"
#include "plan/keys.h"
#include "plan/matrix.h"
#include "spec/experiment.h"
#include "support/clock.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::build {

/// A suite that this config cannot run, and why: "DYNAMIC_FTRACE_WITH_DIRECT_CALLS is not set".
struct UnmetNeed {
  std::string suite;
  std::string reason;       ///< one line, the first unmet symbol of the suite's fragments
  std::string explanation;  ///< Kconfig's own account: depends on, selected by, with values
};

/// A .config as the kernel's own tools made it of what was asked.
struct ConfiguredKernel {
  std::string config_text;       ///< the final .config
  std::vector<UnmetNeed> unmet;  ///< of suites; other unmet requests are errors
  /// What fragments of the tree asked for beyond all others.
  std::vector<plan::ComposedSymbol> tree_symbols;
};

/// The first need of `suite` that a final .config does not meet. The answer depends on nothing but
/// the two, so it also holds where a memo was made for other suites of the same kernel; the account
/// is taken from `explained`, where there is one for the same reason.
std::optional<UnmetNeed> unmet_need(const spec::Suite& suite, const std::string& config_text,
                                    const std::vector<UnmetNeed>& explained);

struct ArtefactFiles {
  std::filesystem::path folder;  ///< kernels/<key>: read-only, complete
  std::filesystem::path image;   ///< folder/Image
  std::filesystem::path vmlinux, system_map, config, info, log;
  std::filesystem::path modules;  ///< folder/modules: as of INSTALL_MOD_PATH (lib/modules/R)
  std::filesystem::path symvers;  ///< folder/Module.symvers; absent without modules
  /// folder/objects.tsv and folder/objects.zip (build/objects.h); an earlier version kept none.
  std::filesystem::path objects, object_archive;
};

/// build.json of an artefact.
struct BuildInfo {
  std::string release;  ///< "6.12.117"
  std::string compiler;
  int objects = 0;  ///< compiled, assembled or fetched from ccache
  double seconds = 0;
  /// Of all that a machine would load of vmlinux and modules: the same signature, the same kernel.
  std::string signature;
  std::string unreproducible;  ///< why a second build would differ; empty: it would not
};

struct BuildFailure {
  std::string first_error;    ///< "drivers/x.c:12:3: error: ..." or the last lines
  std::filesystem::path log;  ///< kept in the cache under failures/
};

struct BuildResult {
  std::optional<ArtefactFiles> artefact;  ///< present if the build succeeded
  BuildFailure failure;                   ///< meaningful if not
  bool cached = false;                    ///< the artefact was there
  std::string damage;                     ///< of one that was there: why it was built again
};

struct BuildProgress {
  int done = 0;
  int expected = 0; /* 0: unknown */
};

/// Where a kernel's sources are; asked for only if it must be built.
using SourceFolder = std::function<Result<std::filesystem::path>()>;

/// The system of a toolchain that names an image; nothing if the image would have to be made and
/// `make` is false.
using Systems =
    std::function<Result<std::optional<SystemRoot>>(const spec::Toolchain& toolchain, bool make)>;

struct ObjectComparison;
struct ObjectsWanted;
struct SelftestsInputs;
struct SelftestsResult;

/// Builds kernels in a bubblewrap sandbox: sources read-only at /src, objects at /build, no
/// network, fixed user, host, timestamp and randomness, ccache. Artefacts enter the cache
/// atomically, and are read as a whole before their first use. Thread-safe; several processes may
/// use one cache (a key is built once, the others wait).
class KernelBuilder {
 public:
  struct Options {
    std::filesystem::path cache;
    int jobs = 0;                               ///< make -j; 0: number of CPUs
    std::function<void(std::string)> say = {};  ///< hears of damaged artefacts
    Systems systems = {};
    bool objects = false;  ///< artefacts of earlier versions, without objects, are built again
  };
  KernelBuilder(Options options, support::ProcessRunner& runner, std::stop_token stop);

  /// Version lines of the toolchain's compiler, assembler and linker; part of the keys. An absent
  /// program is an input error at the toolchain's place, with the package that brings it.
  Result<std::string> identify(const spec::Toolchain& toolchain);

  /// The same without making an image; nothing if that would be needed.
  Result<std::optional<std::string>> identify_cheaply(const spec::Toolchain& toolchain);

  /// Makes the final .config of `source` (a folder of TreeStore) and checks it.
  struct Configured {
    ConfiguredKernel kernel;
    std::vector<Error> errors;
  };
  /// Errors (input, all of them at once): a request of machine, image or config that did not come
  /// out, with who asked for it and what stopped the symbol; an `expect` that does not hold; a
  /// symbol that the tree does not know, and a fragment that it does not have (did you mean).
  Configured configure(const std::filesystem::path& source, const plan::PlannedKernel& kernel,
                       const spec::Config& config, const spec::Toolchain& toolchain);

  /// Builds the kernel with this .config, or returns the artefact if the cache has it whole.
  Result<BuildResult> build(const plan::KernelKey& key, const SourceFolder& source,
                            const plan::PlannedKernel& kernel, const std::string& config_text,
                            const spec::Toolchain& toolchain,
                            const std::function<void(BuildProgress)>& on_progress);

  /// Compares the objects of two artefacts; where digests do not decide, the objdump of
  /// `toolchain`, which built at least one of them, does. Infrastructure errors: an artefact that
  /// has no objects or damaged ones; an image that would have to be made first.
  Result<ObjectComparison> compare_objects(const ArtefactFiles& a, const ArtefactFiles& b,
                                           const spec::Toolchain& toolchain,
                                           const ObjectsWanted& wanted);

  /// Builds a suite's selftests against a kernel, or finds them in the cache (build/selftests.h).
  Result<SelftestsResult> selftests(const SelftestsInputs& inputs);
  /// Whether they are in the cache, as far as a look can tell; arguments as in SelftestsInputs.
  bool has_selftests(const plan::KernelKey& key, const spec::Suite& suite,
                     const support::Digest& content) const;

 private:
  struct Workplace;
  /// A build folder in `folder` with a sandbox around it, once all that a build calls is there.
  /// `over`: see Sandbox::Folders.
  Result<Workplace> prepare(const std::filesystem::path& source, const spec::Toolchain& toolchain,
                            const std::filesystem::path& folder,
                            const std::map<std::string, std::filesystem::path>& over = {});

  struct Known {
    SystemRoot system;
    std::string identity;
  };
  /// Makes them in the folder `into`; false, with a failure, if they cannot be built.
  Result<bool> make_selftests(const SelftestsInputs& inputs, const std::filesystem::path& scratch,
                              const std::filesystem::path& into, BuildFailure& failure);
  Result<bool> make_selftests(const SelftestsInputs& inputs, const Workplace& place,
                              const std::filesystem::path& copy,
                              const std::function<void(std::string_view)>& log,
                              const std::filesystem::path& into, BuildFailure& failure) const;
  Result<bool> make_kselftest(const SelftestsInputs& inputs, const Workplace& place,
                              const std::function<void(std::string_view)>& log,
                              const std::filesystem::path& into) const;
  /// nullptr: an image would have to be made, and `make` is false.
  Result<const Known*> know(const spec::Toolchain& toolchain, bool make);

  Options options_;
  support::ProcessRunner& runner_;
  std::stop_token stop_;
  std::mutex known_mutex_;
  std::map<std::string, Known> known_;  ///< by image and compiler
  cache::Cache entries_;
};

}  // namespace kmatrix::build
