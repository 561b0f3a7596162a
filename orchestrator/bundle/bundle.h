// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "bundle/archive.h"
#include "bundle/manifest.h"
#include "support/digest.h"

namespace kmatrix::bundle {

/// The experiment of a bundle, with paths that are relative to it.
inline constexpr const char* experiment_file = "experiment.yaml";

/// One cell and all that replays it, but for what everybody has or makes: the kernel's source, the
/// kernel, the disks. docs/bundles.md describes the members.
struct Bundle {
  Manifest manifest;
  Members files;  ///< without the manifest
};

/// Writes a bundle, with the digests of its files. The same bundle gives the same bytes.
Status save(Bundle bundle, const std::filesystem::path& file);

/// A bundle that was read, with the digest of its manifest, which covers everything in it.
struct Loaded {
  Bundle bundle;
  support::Digest digest;
};

/// Reads a bundle and checks all of it; nothing is written. Input errors, with the file's name: as
/// read_archive and parse_manifest; a member that the manifest does not have or whose digest is
/// another; an experiment that names anything outside of the bundle.
Result<Loaded> load(const std::filesystem::path& file);

/// Writes the files into `folder`, which may have them already. What else is there stays.
Status unpack(const Loaded& loaded, const std::filesystem::path& folder);

}  // namespace kmatrix::bundle
