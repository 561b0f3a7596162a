// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/objects_words.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kmatrix::cli {
namespace {

ComparedPair pair_of(build::ObjectComparison comparison) {
  ComparedPair pair;
  pair.kernels = {"v1/nocfi", "base", "patched", {}, {}};
  pair.kernels.a.name = "v1/base/nocfi";
  pair.kernels.b.name = "v1/patched/nocfi";
  pair.comparison = std::move(comparison);
  return pair;
}

TEST(ObjectsWords, AreOneLineWhereAllIsIdentical) {
  EXPECT_EQ(pair_text(pair_of({788, 788, {}, {}, {}})),
            "v1/nocfi, base -> patched: 788 objects: 788 identical\n");
}

TEST(ObjectsWords, ListWhatIsNotIdenticalAndHow) {
  const auto pair = pair_of({4,
                             1,
                             {{"a.o", build::Likeness::same_loaded, {}},
                              {"kernel/ftrace.o", build::Likeness::same_code, {}},
                              {"z.o", build::Likeness::different, "--- a/z.o\n-\tret\n"}},
                             {"gone.o"},
                             {"new.o"}});
  EXPECT_EQ(pair_text(pair),
            "v1/nocfi, base -> patched: 4 objects: 1 identical, 1 the same but for debug "
            "information, 1 with the same code, 1 different; 2 of one build alone\n"
            "  a.o              the same but for debug information\n"
            "  kernel/ftrace.o  the same code\n"
            "  z.o              different\n"
            "  gone.o           only in base\n"
            "  new.o            only in patched\n"
            "\n--- a/z.o\n-\tret\n");
}

TEST(ObjectsWords, JsonHasNullForWhatCouldNotBeCompared) {
  auto pair = pair_of({});
  pair.comparison.reset();
  pair.problem = support::infrastructure_error("gone", "build it");
  EXPECT_EQ(pair_text(pair), "v1/nocfi, base -> patched: not compared\n");
  const auto record = objects_json({7}, "series", {pair});
  EXPECT_EQ(record["run"], 7);
  EXPECT_EQ(record["pairs"][0]["problem"], "gone (build it)");
  EXPECT_TRUE(record["pairs"][0]["objects"].is_null());
  EXPECT_TRUE(record["pairs"][0]["differing"].is_null());
}

TEST(ObjectsWords, AreSafeForATerminal) {
  const auto text =
      pair_text(pair_of({1, 0, {{"\x1b[2J.o", build::Likeness::different, "\x1b]0;x"}}, {}, {}}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace kmatrix::cli
