// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spec/experiment.h"
#include "spec/git.h"

namespace kmatrix::spec {

/// What reading an experiment gave: the experiment if there was no error, else every error of the
/// file at once, in the order of their places.
struct Loaded {
  Experiment experiment;
  std::vector<Error> errors;
  bool good() const { return errors.empty(); }
};

struct LoadOptions {
  /// What "kmatrix:" in front of a path stands for: the matrices that kmatrix ships.
  std::filesystem::path shipped = {};
  std::vector<Override> overrides = {};
  GitReader* git = nullptr;  ///< nullptr: repositories are not looked at, and ranges have no patch
};

/// Reads an experiment with all fragments and patches that it names (paths are relative to the
/// YAML file). Never throws.
Loaded load(const std::filesystem::path& file, const LoadOptions& options = {});

/// The same with the text that `file` once had; what the text names is read as it is now.
Loaded load_text(std::string text, const std::filesystem::path& file,
                 const LoadOptions& options = {});

/// Parses a .config fragment: "CONFIG_X=v" and "# CONFIG_X is not set" lines; "# kmatrix: optional"
/// before one makes it an optional request; other comments and empty lines are passed over.
/// Anything else is an input error with its place.
Result<std::vector<SymbolRequest>> parse_fragment(const std::string& text, const std::string& file);

/// Parses a fragment of a kernel tree as scripts/kconfig/merge_config.sh does: what asks for
/// nothing is passed over. All its requests are optional.
std::vector<SymbolRequest> parse_tree_fragment(const std::string& text, const std::string& file);

}  // namespace kmatrix::spec
