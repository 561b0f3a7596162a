// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/seal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "cache/memo_file.h"
#include "support/file.h"

namespace kmatrix::cache {
namespace {

namespace fs = std::filesystem;

class SealTest : public testing::Test {
 protected:
  SealTest() : folder_(*support::TempFolder::create(testing::TempDir(), "seal")) {
    write("a", "content");
    write("deep/b\tstrange\nname %41", "more");
    write("run", "#!/bin/sh\n");
    fs::permissions(entry_ / "run", fs::perms::owner_exec, fs::perm_options::add);
    fs::create_symlink("deep", entry_ / "link");
    fs::create_directory(entry_ / "empty");
  }
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(support::write_file(entry_ / name, text));
  }
  Seal seal(const SealOptions& options = {}) { return make_seal(entry_, options, {}).value(); }
  std::string damage(const Seal& sealed, Depth depth) {
    return find_damage(entry_, sealed, depth, {}).value().value_or("none");
  }
  /// Writes into a file without changing its size, and sets its time back.
  void flip_a_bit(const std::string& name) {
    struct stat status {};
    ASSERT_EQ(stat((entry_ / name).c_str(), &status), 0);
    const int fd = open((entry_ / name).c_str(), O_RDWR);
    char byte = 0;
    ASSERT_EQ(pread(fd, &byte, 1, 2), 1);
    byte = static_cast<char>(byte ^ 4);
    ASSERT_EQ(pwrite(fd, &byte, 1, 2), 1);
    const timespec times[] = {status.st_atim, status.st_mtim};
    ASSERT_EQ(futimens(fd, times), 0);
    close(fd);
  }

  support::TempFolder folder_;
  fs::path entry_ = folder_.path() / "entry";
};

TEST_F(SealTest, SurvivesItsText) {
  const auto made = seal({.label = "v6.12/base\tx"});
  const auto read = parse_seal(to_text(made));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->label, "v6.12/base\tx");
  EXPECT_EQ(read->made, made.made);
  EXPECT_EQ(read->bytes, made.bytes);
  ASSERT_EQ(read->files.size(), 7U);
  EXPECT_EQ(to_text(*read), to_text(made));
  EXPECT_EQ(damage(*read, Depth::read), "none");
}

TEST_F(SealTest, RefusesTextThatIsNone) {
  const auto text = to_text(seal());
  for (const auto& wrong : {std::string(), std::string("kmatrix seal 2\n"), text.substr(0, 20),
                            text + "q\t1\t2\t\tname\n", text + "f\tx\t2\t\tname\n", text + "f\n"})
    EXPECT_FALSE(parse_seal(wrong)) << wrong;
}

TEST_F(SealTest, SurvivesARename) {
  const auto made = seal();
  fs::rename(entry_, folder_.path() / "elsewhere");
  entry_ = folder_.path() / "elsewhere";
  EXPECT_EQ(damage(made, Depth::read), "none");
}

TEST_F(SealTest, SeesWhatALookCanShow) {
  const std::vector<std::pair<std::string, std::function<void()>>> harms{
      {"a is missing", [&] { fs::remove(entry_ / "a"); }},
      {"a has 0 bytes instead of 7", [&] { fs::resize_file(entry_ / "a", 0); }},
      {"a is not a file any more",
       [&] {
         fs::remove(entry_ / "a");
         fs::create_directory(entry_ / "a");
       }},
      {"run cannot be executed",
       [&] { fs::permissions(entry_ / "run", fs::perms::owner_exec, fs::perm_options::remove); }},
      {"a was written to", [&] { utimensat(AT_FDCWD, (entry_ / "a").c_str(), nullptr, 0); }},
      {"the names in empty were changed", [&] { write("empty/new", ""); }},
      {"deep/x is missing", [&] { fs::remove_all(entry_ / "deep"); }},
      {"a is missing", [&] { fs::remove_all(entry_); }}};
  for (const auto& [words, harm] : harms) {
    fs::remove_all(entry_);
    write("a", "content");
    write("run", "x");
    write("deep/x", "x");
    fs::permissions(entry_ / "run", fs::perms::owner_exec, fs::perm_options::add);
    fs::create_directory(entry_ / "empty");
    auto sealed = seal();
    // A removed name also changes the folder's time; here the file itself is to be named.
    std::erase_if(sealed.files, [&](const SealedFile& file) {
      return file.type == FileType::folder && words.find(file.name + " ") == std::string::npos &&
             !(file.name == "." && words.starts_with("it "));
    });
    harm();
    EXPECT_EQ(damage(sealed, Depth::look), words);
  }
}

TEST_F(SealTest, SeesAFlippedBitOnlyByReading) {
  const auto sealed = seal();
  flip_a_bit("a");
  EXPECT_EQ(damage(sealed, Depth::look), "none");
  EXPECT_EQ(damage(sealed, Depth::read), "a has another content");
}

TEST_F(SealTest, SealsAFileThatIsAnEntryOfItsOwn) {
  const fs::path file = entry_ / "a";
  const auto sealed = make_seal(file, {}, {}).value();
  EXPECT_EQ(find_damage(file, sealed, Depth::read, {}).value(), std::nullopt);
  fs::resize_file(file, 3);
  EXPECT_EQ(find_damage(file, sealed, Depth::look, {}).value(), "it has 3 bytes instead of 7");
}

TEST_F(SealTest, TakesDigestsOfUnchangedFilesFromTheSealItKnows) {
  auto known = seal();
  for (auto& file : known.files)
    if (file.type == FileType::file) file.content = "from the other";
  write("a", "changed content");
  for (const auto& file : seal({.known = &known}).files) {
    if (file.type != FileType::file) continue;
    EXPECT_EQ(file.content == "from the other", file.name != "a") << file.name;
  }
}

TEST_F(SealTest, CountsSharedFilesOnce) {
  write("big", std::string(1 << 20, 'x'));
  const auto alone = seal().bytes;
  EXPECT_GE(alone, 1U << 20);
  fs::create_hard_link(entry_ / "big", entry_ / "again");
  EXPECT_LT(seal().bytes, alone + (1 << 19));
  EXPECT_LT(seal({.shares_files = true}).bytes, 1U << 20);
}

TEST_F(SealTest, StopsWhenItIsStopped) {
  std::stop_source stop;
  const auto sealed = seal();
  stop.request_stop();
  EXPECT_EQ(make_seal(entry_, {}, stop.get_token()).error().kind, ErrorKind::interrupted);
  EXPECT_EQ(find_damage(entry_, sealed, Depth::look, stop.get_token()).error().kind,
            ErrorKind::interrupted);
}

TEST_F(SealTest, AMemoWithAFlippedBitOrCutIsDamaged) {
  const fs::path file = folder_.path() / "memo";
  ASSERT_TRUE(write_memo(file, "some text"));
  EXPECT_EQ(read_memo(file).text, "some text\n");
  EXPECT_TRUE(read_memo(file).has_digest);
  auto text = *support::read_file(file);
  for (const std::size_t at : {std::size_t(0), text.size() - 5}) {
    auto other = text;
    other[at] ^= 1;
    ASSERT_TRUE(support::write_file(file, other));
    EXPECT_TRUE(read_memo(file).damaged) << at;
    EXPECT_FALSE(read_memo(file).text) << at;
  }
  ASSERT_TRUE(support::write_file(file, "{}\n"));
  EXPECT_EQ(read_memo(file).text, "{}\n");
  EXPECT_FALSE(read_memo(file).has_digest);
  fs::remove(file);
  EXPECT_FALSE(read_memo(file).damaged);
  fs::create_directory(file);
  EXPECT_TRUE(read_memo(file).damaged);
}

}  // namespace
}  // namespace kmatrix::cache
