// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/object_comparison.h"

#include <algorithm>

#include "support/text.h"

namespace kmatrix::build {

std::string to_string(Likeness likeness) {
  switch (likeness) {
    case Likeness::identical:
      return "identical";
    case Likeness::same_loaded:
      return "same_loaded";
    case Likeness::same_code:
      return "same_code";
    case Likeness::different:
      break;
  }
  return "different";
}

std::size_t ObjectComparison::count(Likeness likeness) const {
  if (likeness == Likeness::identical) return identical;
  return static_cast<std::size_t>(
      std::count_if(differing.begin(), differing.end(),
                    [&](const ObjectDifference& each) { return each.likeness == likeness; }));
}

ObjectComparison compare_digests(const std::vector<KernelObject>& a,
                                 const std::vector<KernelObject>& b, const ObjectsWanted& wanted) {
  const auto is_wanted = [&](const KernelObject& object) {
    return wanted.glob.empty() || support::glob_match(wanted.glob, object.path);
  };
  ObjectComparison comparison;
  auto in_a = a.begin(), in_b = b.begin();
  while (in_a != a.end() || in_b != b.end()) {
    if (in_b == b.end() || (in_a != a.end() && in_a->path < in_b->path)) {
      if (is_wanted(*in_a)) comparison.only_a.push_back(in_a->path);
      ++in_a;
    } else if (in_a == a.end() || in_b->path < in_a->path) {
      if (is_wanted(*in_b)) comparison.only_b.push_back(in_b->path);
      ++in_b;
    } else {
      if (is_wanted(*in_a)) {
        const bool same_loaded = !in_a->loaded.empty() && in_a->loaded == in_b->loaded;
        ++comparison.objects;
        if (in_a->content == in_b->content) {
          ++comparison.identical;
        } else {
          comparison.differing.push_back(
              {in_a->path, same_loaded ? Likeness::same_loaded : Likeness::different, {}});
        }
      }
      ++in_a;
      ++in_b;
    }
  }
  return comparison;
}

Result<std::vector<KernelObject>> objects_of(const ArtefactFiles& files, const std::string& name) {
  auto kept = kept_objects(files);
  if (!kept) return kept.error();
  if (*kept) return std::move(**kept);
  return support::infrastructure_error(
      "the objects of kernel " + name + " were not kept: an earlier version built it",
      "kmatrix run EXPERIMENT --objects builds it again");
}

}  // namespace kmatrix::build
