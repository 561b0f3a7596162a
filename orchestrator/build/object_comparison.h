// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "build/objects.h"

// Two builds of a kernel, object by object (docs/objects.md). KernelBuilder::compare_objects() does
// all of it; the functions here are pure.
namespace kmatrix::build {

/// How an object of one build is to that of the other, from the strictest to the weakest.
enum class Likeness {
  identical,    ///< every byte is the same, debug information included
  same_loaded,  ///< allocated sections, their relocations and the symbols in them are the same
  same_code,    ///< the disassembly is the same: line numbers in __bug_table, data... differ
  different,    ///< the disassembly differs, or there is none (an object of LTO is no ELF file)
};
/// "identical", "same_loaded"...
std::string to_string(Likeness likeness);

struct ObjectDifference {
  std::string path;
  Likeness likeness = Likeness::different;
  std::string diff;  ///< of the disassembly, unified; "" if it is the same, or was not asked for
  bool operator==(const ObjectDifference&) const = default;
};

struct ObjectComparison {
  std::size_t objects = 0;                  ///< that both builds have
  std::size_t identical = 0;                ///< of those
  std::vector<ObjectDifference> differing;  ///< the rest of them, by path
  std::vector<std::string> only_a, only_b;  ///< objects that one build alone has
  bool operator==(const ObjectComparison&) const = default;
  std::size_t count(Likeness likeness) const;
};

/// What is wanted of a comparison.
struct ObjectsWanted {
  std::string glob = {};  ///< only objects whose path matches (support::glob_match); empty: all
  bool diff = false;      ///< of the disassembly of those that are different
};

/// What digests alone say, symbols not looked at: what is not the same when loaded is `different`.
/// Both by path.
ObjectComparison compare_digests(const std::vector<KernelObject>& a,
                                 const std::vector<KernelObject>& b,
                                 const ObjectsWanted& wanted = {});

/// The objects of an artefact that must have some. Infrastructure error, with a hint: `name`, the
/// kernel's, is of an earlier version.
Result<std::vector<KernelObject>> objects_of(const ArtefactFiles& files, const std::string& name);

}  // namespace kmatrix::build
