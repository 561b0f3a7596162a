// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/object_comparison.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "support/text.h"

namespace kmatrix::build {

namespace {

Likeness likeness_of(const KernelObject& a, const KernelObject& b) {
  if (a.content == b.content) return Likeness::identical;
  const bool same_loaded = !a.loaded.empty() && a.loaded == b.loaded;
  return same_loaded ? Likeness::same_loaded : Likeness::different;
}

}  // namespace

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
  std::map<std::string_view, const KernelObject*> rest;
  for (const auto& each : b)
    if (is_wanted(each)) rest.emplace(each.path, &each);
  ObjectComparison comparison;
  for (const auto& each : a) {
    if (!is_wanted(each)) continue;
    const auto other = rest.find(each.path);
    if (other == rest.end()) {
      comparison.only_a.push_back(each.path);
      continue;
    }
    const auto likeness = likeness_of(each, *other->second);
    ++comparison.objects;
    if (likeness == Likeness::identical) {
      ++comparison.identical;
    } else {
      comparison.differing.push_back({each.path, likeness, {}});
    }
    rest.erase(other);
  }
  for (const auto& [path, each] : rest) comparison.only_b.emplace_back(path);
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
