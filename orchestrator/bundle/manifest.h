// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/result.h"

namespace kmatrix::bundle {

/// Raised when a bundle means something else: one of a higher version is refused.
inline constexpr int format_version = 1;

/// The kernel that ran, as the store knows it (results-db/schema.sql).
struct KernelRecord {
  std::string name, tree, series, config, arch;
  std::string tree_description, tree_digest;
  std::string series_description, series_digest;
  std::string compiler, recipe_key, kernel_key, signature, release, state, first_error;
  bool operator==(const KernelRecord&) const = default;
};

/// The cell likewise. `inputs`: what its results depend on, by name.
struct CellRecord {
  std::string name, machine, suite, state, reason;
  std::string command_line, accel, key;
  double slowness = 0;      ///< of its machine; 0: not measured
  double boot_seconds = 0;  ///< 0: it never booted
  std::vector<std::pair<std::string, std::string>> inputs;
  bool operator==(const CellRecord&) const = default;
};

struct CaseRecord {
  std::string name, outcome, raw, message;
  int error = 0;  ///< errno that was named as the cause; 0: none
  double seconds = 0;
  std::vector<std::string> further;  ///< outcomes of its further runs, in their order
  std::string output;                ///< member with the end of what it printed; empty: none
  bool operator==(const CaseRecord&) const = default;
};

struct IncidentRecord {
  std::string case_name, kind, title;
  std::string ignored;  ///< why it does not count; empty: it does
  std::string text;     ///< member with the lines as printed
  bool operator==(const IncidentRecord&) const = default;
};

/// A tree by its name in the experiment, with what was known of its content.
struct TreeRecord {
  std::string name, description;
  bool operator==(const TreeRecord&) const = default;
};

/// A member of the bundle, other than the manifest.
struct FileRecord {
  std::string path, sha256;
  std::size_t size = 0;  ///< in bytes
  bool operator==(const FileRecord&) const = default;
};

/// What a bundle says of itself: manifest.json.
struct Manifest {
  std::string kmatrix_version;
  std::string experiment;  ///< its name
  std::int64_t run = 0;    ///< its number, where it was run
  std::string started;     ///< the run; ISO 8601 in UTC
  std::string case_name;   ///< the case that it is about; empty: the whole cell
  /// The cases that a replay runs before it, for they ran before it on its machine.
  std::vector<std::string> before;
  /// Trees that the experiment does not say where to get: who replays it gives them.
  std::vector<TreeRecord> to_give;
  KernelRecord kernel;
  CellRecord cell;
  std::vector<CaseRecord> cases;  ///< of the whole cell
  std::vector<IncidentRecord> incidents;
  std::vector<FileRecord> files;
  bool operator==(const Manifest&) const = default;
};

/// Pretty-printed JSON; what is not UTF-8 is replaced.
std::string to_json(const Manifest& manifest);

/// Input errors: no JSON, a key that lacks or has another type, a newer version.
Result<Manifest> parse_manifest(const std::string& text);

}  // namespace kmatrix::bundle
