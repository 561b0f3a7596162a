// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/result.h"

namespace kmatrix::cli {

/// Options that every command has.
struct GlobalOptions {
  std::filesystem::path db;  ///< results database
  std::filesystem::path cache;
  std::filesystem::path data;    ///< folder with images/ and dashboards/ (what we ship)
  std::filesystem::path agents;  ///< folder with the guest agents
  std::filesystem::path charts;  ///< the library that draws charts in a browser; empty: none
  std::string uri;               ///< libvirt; empty: embedded driver
  bool json = false;
  bool colour = false;  ///< stdout is a terminal and NO_COLOR is not set
};

/// $XDG_STATE_HOME/kmatrix/results.db and $XDG_CACHE_HOME/kmatrix, with the defaults of the XDG
/// base directory specification.
std::filesystem::path default_db();
std::filesystem::path default_cache();

/// Logs of a run lie beside its database: results.runs/RUN.
std::filesystem::path run_folder(const std::filesystem::path& db, std::int64_t run);

/// "kmatrix --db X": how to call this program again with the same database and cache.
std::string own_command(const GlobalOptions& global);

/// Short folder of this user alone for libvirt's sockets ($XDG_RUNTIME_DIR or /tmp).
Result<std::filesystem::path> runtime_folder();

/// Writes the file as a whole, or prints to stdout if it has no name. Returns the exit code.
int write_out(const std::filesystem::path& file, const std::string& text);

/// Prints "kmatrix: error: ..." to stderr and returns the exit code for it.
int fail(const Error& error);
int fail(const std::vector<Error>& errors);

}  // namespace kmatrix::cli
