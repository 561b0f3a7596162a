// SPDX-License-Identifier: GPL-2.0-or-later
#include "bundle/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "support/file.h"
#include "support/text.h"

namespace kmatrix::bundle {
namespace {

namespace fs = std::filesystem;

/// An entry as nobody should make it.
struct Entry {
  std::string name, content = "x";
  int type = AE_IFREG;
  std::string link = {}, hard_link = {};
};

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() : folder_(*support::TempFolder::create(testing::TempDir(), "archive")) {}
  fs::path file() const { return folder_.path() / "x.kmatrix"; }

  void write(const std::vector<Entry>& entries) const {
    archive* const writer = archive_write_new();
    archive_write_set_format_pax_restricted(writer);
    archive_write_add_filter_gzip(writer);
    ASSERT_EQ(archive_write_open_filename(writer, file().c_str()), ARCHIVE_OK);
    for (const auto& each : entries) {
      archive_entry* const entry = archive_entry_new();
      archive_entry_set_pathname(entry, each.name.c_str());
      archive_entry_set_filetype(entry, static_cast<unsigned>(each.type));
      archive_entry_set_perm(entry, 0644);
      if (!each.link.empty()) archive_entry_set_symlink(entry, each.link.c_str());
      if (!each.hard_link.empty()) archive_entry_set_hardlink(entry, each.hard_link.c_str());
      const bool has_content = each.type == AE_IFREG && each.hard_link.empty();
      archive_entry_set_size(entry, has_content ? static_cast<la_int64_t>(each.content.size()) : 0);
      archive_write_header(writer, entry);
      if (has_content) archive_write_data(writer, each.content.data(), each.content.size());
      archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
  }
  /// The error's message without the name of the file; "" if there is none.
  std::string refusal(const std::vector<Entry>& entries, const Limits& limits = {}) const {
    write(entries);
    return refusal(limits);
  }
  std::string refusal(const Limits& limits = {}) const {
    const auto members = read_archive(file(), limits);
    if (members) return "";
    EXPECT_EQ(members.error().kind, ErrorKind::input);
    EXPECT_NE(members.error().message.find(file().string()), std::string::npos);
    return members.error().message.substr(members.error().message.rfind("one: ") + 5);
  }

  support::TempFolder folder_;
};

TEST_F(ArchiveTest, GivesBackWhatWasWritten) {
  const Members members{{"a.txt", {"one\n", false}},
                        {"folder/run me.sh", {"#!/bin/sh\n", true}},
                        {"empty", {"", false}},
                        {"bytes", {std::string("\0\xff\r\n", 4), false}}};
  ASSERT_TRUE(write_archive(file(), members, "empty"));
  const auto read = read_archive(file());
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(*read, members);
}

TEST_F(ArchiveTest, TheSameMembersGiveTheSameBytes) {
  const Members members{{"a", {"one", false}}, {"b", {std::string(100'000, 'b'), true}}};
  ASSERT_TRUE(write_archive(file(), members, "b"));
  const auto first = support::read_file(file());
  ASSERT_TRUE(write_archive(file(), members, "b"));
  EXPECT_EQ(*first, *support::read_file(file()));
  EXPECT_LT(first->size(), 1'000u);
}

TEST_F(ArchiveTest, RefusesNamesThatLeadElsewhere) {
  for (const auto* name : {"../x", "/etc/x", "a/../../x", "a//b", "./a", "a/.", "a\\b", "a\nb",
                           "\x1b[31m", "caf\xc3\xa9"})
    EXPECT_EQ(refusal({{name}}), "a member has a name that is none") << support::printable(name);
  EXPECT_EQ(refusal({{std::string(201, 'a')}}), "a member has a name that is none");
  EXPECT_EQ(refusal({{"a/b.c-d_e+f (1)"}}), "");
}

TEST_F(ArchiveTest, RefusesAllButRegularFiles) {
  EXPECT_EQ(refusal({{"a", "", AE_IFLNK, "/etc/passwd"}}), "a is no regular file");
  EXPECT_EQ(refusal({{"a", "", AE_IFDIR}}), "a member has a name that is none");
  EXPECT_EQ(refusal({{"a", "", AE_IFIFO}}), "a is no regular file");
  EXPECT_EQ(refusal({{"a"}, {"b", "", AE_IFREG, "", "a"}}), "b is no regular file");
}

TEST_F(ArchiveTest, RefusesAMemberThatIsThereTwice) {
  EXPECT_EQ(refusal({{"a", "one"}, {"a", "two"}}), "a is there twice");
}

TEST_F(ArchiveTest, RefusesWhatIsTooLarge) {
  const std::string zeros(1 << 20, '\0');
  Limits limits;
  limits.member = zeros.size();
  limits.total = 2 * zeros.size();
  EXPECT_EQ(refusal({{"a", zeros}, {"b", zeros}}, limits), "");
  const std::string bounds = " is too large: at most 1 MiB a member and 2 MiB in all are good";
  EXPECT_EQ(refusal({{"a", zeros + "x"}}, limits), "a" + bounds);
  EXPECT_EQ(refusal({{"a", zeros}, {"b", zeros}, {"c"}}, limits), "c" + bounds);
  limits.members = 1;
  EXPECT_EQ(refusal({{"a"}, {"b"}}, limits), "more than 1 members");
  limits.file = 10;
  EXPECT_EQ(refusal({{"a"}}, limits), "0 MiB are too large, at most 0 are good");
}

TEST_F(ArchiveTest, RefusesWhatWasCutOrIsNone) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 50'000; ++i)
    noise += static_cast<char>((x = x * 69069 + 1) >> 24);
  write({{"a", noise}});
  const auto whole = *support::read_file(file());
  for (const std::size_t size :
       {std::size_t(0), std::size_t(1), std::size_t(20), whole.size() / 2, whole.size() - 100}) {
    ASSERT_TRUE(support::write_file(file(), whole.substr(0, size)));
    EXPECT_NE(refusal(), "") << size;
  }
  ASSERT_TRUE(support::write_file(file(), "kmatrix: 1\nname: no archive\n"));
  EXPECT_NE(refusal(), "");
  fs::remove(file());
  EXPECT_EQ(read_archive(file()).error().message, "there is no file " + file().string());
}

}  // namespace
}  // namespace kmatrix::bundle
