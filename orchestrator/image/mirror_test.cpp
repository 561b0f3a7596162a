// SPDX-License-Identifier: GPL-2.0-or-later
#include "image/mirror.h"

#include <gtest/gtest.h>

namespace kmatrix::image {
namespace {

constexpr char updated[] =
    "Packages|Other|Other|bookworm|bookworm|http://other.example/\n"
    "Packages|Debian|Debian-Security|bookworm-security|oldstable-security|http://sec.example/\n"
    "Packages|Debian|Debian|bookworm-updates|oldstable-updates|http://updates.example/debian/\n"
    "Packages|Debian|Debian|bookworm|oldstable|http://main.example/debian/\n";

TEST(Mirror, IsTheDebianArchiveThatHasTheSuite) {
  EXPECT_EQ(choose_mirror(updated, "bookworm"), "http://main.example/debian/");
}

TEST(Mirror, MayBeFoundByTheNameThatTheSourcesUse) {
  EXPECT_EQ(choose_mirror(updated, "oldstable"), "http://main.example/debian/");
}

TEST(Mirror, IsAnyDebianArchiveForASuiteThatThisMachineDoesNotUse) {
  EXPECT_EQ(choose_mirror(updated, "trixie"), "http://updates.example/debian/");
}

TEST(Mirror, IsKnownBeforeTheFirstUpdate) {
  EXPECT_EQ(choose_mirror("Packages|$(ORIGIN)|$(LABEL)|$(CODENAME)|bookworm|http://a.example/\n",
                          "bookworm"),
            "http://a.example/");
}

TEST(Mirror, IsNotAForeignOrASecurityArchive) {
  EXPECT_EQ(choose_mirror("Packages|Other|Other|bookworm|bookworm|http://other.example/\n"
                          "Packages|Debian|Debian-Security|s|s|http://sec.example/\n",
                          "bookworm"),
            "");
  EXPECT_EQ(choose_mirror("", "bookworm"), "");
  EXPECT_EQ(choose_mirror("nonsense\n|||||\n", "bookworm"), "");
}

TEST(FetchOptions, AreThoseThatReachTheMirror) {
  EXPECT_EQ(fetch_options("APT \"\";\n"
                          "Acquire::http::Proxy \"http://proxy.example:3128\";\n"
                          "Acquire::https::Proxy \"\";\n"
                          "Acquire::Check-Valid-Until \"false\";\n"
                          "Acquire::Languages:: \"none\";\n"
                          "Dir::Cache \"var/cache/apt\";\n"),
            (std::vector<std::string>{"Acquire::http::Proxy \"http://proxy.example:3128\";",
                                      "Acquire::Check-Valid-Until \"false\";"}));
}

}  // namespace
}  // namespace kmatrix::image
