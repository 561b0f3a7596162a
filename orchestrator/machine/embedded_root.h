// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "support/file.h"
#include "support/result.h"

namespace kmatrix::machine {

/// A folder for libvirt's embedded QEMU driver, one a process: RUNTIME/N, locked through
/// RUNTIME/N.lock while the object lives. Capabilities of the QEMU binaries stay cached in it.
class EmbeddedRoot {
 public:
  /// Takes the first free slot, configures it, and cleans up what killed processes left behind in
  /// free slots: their machines and files.
  static Result<EmbeddedRoot> take(const std::filesystem::path& runtime_folder);
  const std::filesystem::path& path() const { return path_; }
  std::string uri() const;

 private:
  EmbeddedRoot(std::filesystem::path path, support::FileLock lock);
  std::filesystem::path path_;
  support::FileLock lock_;
};

/// Kills every QEMU of this user whose command line names a file below `folder`, and waits for it.
/// Returns how many there were.
Result<int> kill_machines_below(const std::filesystem::path& folder);

}  // namespace kmatrix::machine
