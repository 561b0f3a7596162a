// SPDX-License-Identifier: GPL-2.0-or-later
#include "compare/kernel_pairs.h"

#include <gtest/gtest.h>

namespace kmatrix::compare {
namespace {

store::KernelRow kernel(const std::string& tree, const std::string& series,
                        const std::string& config, const std::string& arch = "arm64") {
  store::KernelRow row;
  row.tree = tree;
  row.series = series;
  row.config = config;
  row.arch = arch;
  return row;
}

const std::vector<store::KernelRow> all_kernels{
    kernel("v1", "base", "cfi"),         kernel("v1", "base", "nocfi"),
    kernel("v1", "patched", "cfi"),      kernel("v1", "patched", "nocfi"),
    kernel("v1", "patched-v2", "nocfi"), kernel("v1", "base", "nocfi", "x86_64")};

std::string words(const Result<std::vector<KernelPair>>& pairs) {
  if (!pairs) return to_string(pairs.error());
  std::string text;
  for (const auto& pair : *pairs)
    text += pair.name + ": " + pair.a_value + " " + pair.b_value + "\n";
  return text;
}

TEST(KernelPairs, AreOfKernelsThatDifferInTheAxisAlone) {
  EXPECT_EQ(words(pair_kernels(all_kernels, "series", {})),
            "v1/cfi: base patched\nv1/nocfi: base patched\nv1/nocfi: base patched-v2\n");
  EXPECT_EQ(words(pair_kernels(all_kernels, "config", {"series=base"})), "v1/base: cfi nocfi\n");
}

TEST(KernelPairs, AreChosenByConditionsThatAllHold) {
  EXPECT_EQ(words(pair_kernels(all_kernels, "series", {"config=nocfi", "series=base,patched"})),
            "v1/nocfi: base patched\n");
}

TEST(KernelPairs, SaysWhatOfARequestFitsNothing) {
  EXPECT_EQ(words(pair_kernels(all_kernels, "machine", {})),
            "kernels have no axis 'machine' (theirs are tree, series, config)");
  EXPECT_EQ(words(pair_kernels(all_kernels, "serie", {})),
            "kernels have no axis 'serie' (did you mean 'series'?)");
  EXPECT_EQ(words(pair_kernels(all_kernels, "series", {"config=nocfj"})),
            "no kernel of the run has config=nocfj (did you mean 'nocfi'?)");
  EXPECT_EQ(words(pair_kernels(all_kernels, "series", {"nocfi"})),
            "'nocfi' is not of the form AXIS=VALUE[,VALUE...] (for example config=clang-cfi)");
  EXPECT_EQ(words(pair_kernels(all_kernels, "tree", {})),
            "no two of these kernels differ in tree alone (kmatrix show lists the kernels of a "
            "run)");
}

}  // namespace
}  // namespace kmatrix::compare
