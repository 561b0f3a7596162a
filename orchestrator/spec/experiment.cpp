// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/experiment.h"

namespace kmatrix::spec {

const std::vector<Patch>* Series::patches_for(const std::string& tree) const {
  static const std::vector<Patch> none;
  if (name == base_series) return &none;
  auto found = by_tree.find(tree);
  if (found == by_tree.end()) found = by_tree.find("");
  return found == by_tree.end() ? nullptr : &found->second;
}

std::string describe(const std::vector<Patch>& patches) {
  if (patches.empty()) return "";
  const auto& last = patches.back();
  const auto count = patches.size() == 1 ? "1 patch" : std::to_string(patches.size()) + " patches";
  if (last.kind == Patch::commit) return count + " up to " + last.path.string();
  return count + " of " + (last.kind == Patch::mail ? last.path : last.path.parent_path()).string();
}

std::string to_string(RunnerKind kind) {
  switch (kind) {
    case RunnerKind::boot:
      return "boot";
    case RunnerKind::ftracetest:
      return "ftracetest";
    case RunnerKind::samples:
      return "samples";
    case RunnerKind::test_progs:
      return "test_progs";
    case RunnerKind::kselftest:
      return "kselftest";
    case RunnerKind::script:
      return "script";
  }
  return "unknown";
}

std::string to_string(Accelerator accel) {
  switch (accel) {
    case Accelerator::tcg:
      return "tcg";
    case Accelerator::kvm:
      return "kvm";
    case Accelerator::automatic:
      return "auto";
  }
  return "unknown";
}

std::string to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::automatic:
      return "auto";
    case Protocol::ktap:
      return "ktap";
    case Protocol::exit:
      return "exit";
  }
  return "unknown";
}

}  // namespace kmatrix::spec
