// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/mbox.h"

#include <gtest/gtest.h>

#include "spec/mail.h"
#include "spec/test_folder.h"
#include "support/text.h"

namespace kmatrix::spec {
namespace {

using Words = std::vector<std::string>;

const std::string b4_from = "From git@z Thu Jan  1 00:00:00 1970\n";

std::string diff(const std::string& text) {
  return "diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-old\n+" + text + "\n";
}

std::string mail(const std::string& subject, const std::string& body,
                 const std::string& headers = "") {
  return b4_from + "Subject: " + subject + "\nFrom: A <a@b.c>\n" + headers + "\n" + body;
}

std::string patch_mail(const std::string& subject, const std::string& text) {
  return mail(subject,
              "Why.\n\nSigned-off-by: A <a@b.c>\n---\n f.c | 2 +-\n\n" + diff(text) + "\n");
}

struct Read {
  std::vector<Patch> patches;
  Words errors;
};

Read read(const std::string& text) {
  Problems problems;
  Read result;
  result.patches = parse_mbox(text, "s.mbx", {"x.yaml", 3, 4}, problems);
  for (const auto& error : problems.take("x.yaml"))
    result.errors.push_back(support::to_string(error));
  return result;
}

Words added_lines(const Read& read) {
  Words lines;
  for (const auto& patch : read.patches) {
    const auto at = patch.content.find("\n+", patch.content.find("@@"));
    lines.push_back(patch.content.substr(at + 2, patch.content.find('\n', at + 2) - at - 2));
  }
  return lines;
}

TEST(Mbox, OrdersPatchesByNumberAndLeavesOutTheCoverLetter) {
  const auto series = read(patch_mail("[PATCH v2 2/2] second thing", "two") +
                           mail("[PATCH v2 0/2] cover", "All of it.\n\n" + diff("no")) +
                           patch_mail("[PATCH v2 1/2] first thing", "one"));
  EXPECT_EQ(series.errors, Words{});
  EXPECT_EQ(added_lines(series), (Words{"one", "two"}));
  EXPECT_EQ(series.patches[0].title, "first thing");
  EXPECT_EQ(series.patches[0].path, "s.mbx");
}

TEST(Mbox, KnowsTheLineOfEachDiff) {
  const auto text = patch_mail("[PATCH 1/2] a", "one") + patch_mail("[PATCH 2/2] b", "two");
  const auto series = read(text);
  ASSERT_EQ(series.patches.size(), 2U);
  const auto lines = support::split_lines(text);
  for (const auto& patch : series.patches) {
    EXPECT_TRUE(patch.content.starts_with("diff --git"));
    EXPECT_EQ(lines[static_cast<std::size_t>(patch.first_line) - 1], "diff --git a/f.c b/f.c");
  }
  EXPECT_LT(series.patches[0].first_line, series.patches[1].first_line);
}

TEST(Mbox, IsTheSamePatchWithAnotherMessage) {
  const auto one = read(patch_mail("[PATCH] a", "one"));
  const auto other = read(mail("[PATCH v2] b", "Reviewed-by: C\n---\n" + diff("one") + "\n"));
  ASSERT_EQ(one.patches.size(), 1U);
  EXPECT_EQ(one.patches[0].content, other.patches[0].content);
}

TEST(Mbox, ReportsNumbersThatAreMissing) {
  const auto series = read(patch_mail("[PATCH 1/4] a", "a") + patch_mail("[PATCH 3/4] c", "c"));
  EXPECT_EQ(series.errors,
            (Words{"s.mbx: patches 2, 4 of 4 are missing (`b4 am` fetches a whole series)"}));
}

TEST(Mbox, ReportsANumberThatIsThereTwice) {
  const auto series = read(patch_mail("[PATCH 1/1] a", "a") + patch_mail("[PATCH v2 1/1] a", "b"));
  EXPECT_EQ(series.errors,
            (Words{"s.mbx:28: patch 1/1 is there twice, first on line 11 (one series a file, and "
                   "one version of it: `b4 am` writes it so)"}));
}

TEST(Mbox, ReportsPatchesOfTwoSeriesAndWithoutANumber) {
  const auto series = read(patch_mail("[PATCH 1/1] a", "a") + patch_mail("[PATCH 2/3] b", "b") +
                           patch_mail("[PATCH] c", "c"));
  ASSERT_EQ(series.errors.size(), 2U);
  EXPECT_NE(series.errors[0].find("patch 2/3 is of another series than those of 1"),
            std::string::npos)
      << series.errors[0];
  EXPECT_NE(series.errors[1].find("patch 'c' has no number, but others of this file have"),
            std::string::npos);
}

TEST(Mbox, ReportsANumberThatCannotBe) {
  const auto series = read(patch_mail("[PATCH 3/2] a", "a"));
  ASSERT_FALSE(series.errors.empty());
  EXPECT_NE(series.errors[0].find("there cannot be a patch 3/2"), std::string::npos);
}

TEST(Mbox, ReportsANumberedMailWithoutAPatchAlone) {
  const auto series = read(patch_mail("[PATCH 1/2] a", "a") + mail("[PATCH 2/2] b", "Text.\n"));
  EXPECT_EQ(series.errors, (Words{"s.mbx:19: mail '[PATCH 2/2] b' has no patch"}));
}

TEST(Mbox, LeavesOutRepliesAndTalk) {
  const auto series =
      read(patch_mail("[PATCH] a", "a") + mail("Re: [PATCH] a", "Nice.\n\n" + diff("no")) +
           mail("hello", "No patch here.\n"));
  EXPECT_EQ(series.errors, Words{});
  EXPECT_EQ(added_lines(series), Words{"a"});
}

TEST(Mbox, KeepsTheOrderOfTheFileWithoutNumbers) {
  const auto series = read(patch_mail("b", "b") + patch_mail("[PATCH net/ipv4] a", "a"));
  EXPECT_EQ(series.errors, Words{});
  EXPECT_EQ(added_lines(series), (Words{"b", "a"}));
}

TEST(Mbox, ReadsQuotedPrintable) {
  const auto body =
      "Why =E2=82=AC.\n---\ndiff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n"
      "@@ -1 +1 @@\n-old\n+x =3D=3D 1 =\nand =2E=\n\tmore=20\n";
  const auto series =
      read(mail("[PATCH] a", body, "Content-Transfer-Encoding: Quoted-Printable\n"));
  EXPECT_EQ(series.errors, Words{});
  EXPECT_EQ(added_lines(series), Words{"x == 1 and .\tmore "});
  EXPECT_EQ(series.patches[0].first_line, 2) << "the mail, for its lines are not those of the file";
}

TEST(Mbox, ReadsBase64AndOtherCharacterSets) {
  // "---\n" and a diff that adds "grün" in ISO 8859-1.
  const std::string body =
      "LS0tCmRpZmYgLS1naXQgYS9mLmMgYi9mLmMKLS0tIGEvZi5jCisrKyBiL2YuYwpAQCAtMSArMSBA\n"
      "QAotb2xkCitncvxuCg==\n";
  const auto series = read(mail("[PATCH] a", body,
                                "Content-Type: text/plain;\n charset=\"ISO-8859-1\"\n"
                                "Content-Transfer-Encoding: base64\n"));
  EXPECT_EQ(series.errors, Words{});
  EXPECT_EQ(added_lines(series), Words{"grün"});
}

TEST(Mbox, ReportsWhatItCannotDecode) {
  const auto errors = [](const std::string& headers, const std::string& body) {
    return read(mail("[PATCH] a", body, headers)).errors;
  };
  EXPECT_EQ(errors("Content-Transfer-Encoding: base64\n", "no base64 at all!\n"),
            Words{"s.mbx:2: the body of this mail is not in base64"});
  EXPECT_EQ(errors("Content-Transfer-Encoding: uuencode\n", "x\n"),
            Words{"s.mbx:2: this mail has an unknown encoding 'uuencode'"});
  EXPECT_EQ(errors("Content-Type: text/plain; charset=klingon\n", "x\n"),
            Words{"s.mbx:2: the body of this mail is not text in the character set 'klingon'"});
  EXPECT_EQ(errors("Content-Type: multipart/mixed; boundary=x\n", "x\n"),
            Words{"s.mbx:2: this mail has several parts, and its patch is one of them (`b4 am` "
                  "writes each patch as a plain text)"});
}

TEST(Mbox, DecodesSubjects) {
  const auto series =
      read(patch_mail("=?utf-8?q?=5BPATCH_2/2=5D_gr=C3=BCn_?=\n =?utf-8?b?YmxhdQ==?=", "b") +
           patch_mail("[PATCH\n 1/2] a", "a"));
  EXPECT_EQ(series.errors, Words{});
  ASSERT_EQ(series.patches.size(), 2U);
  EXPECT_EQ(series.patches[1].title, "grün blau");
  EXPECT_EQ(added_lines(series), (Words{"a", "b"}));
}

TEST(Mbox, TakesOffLineEndsOfTheWireAlone) {
  std::string wire = patch_mail("[PATCH] a", "a");
  for (std::size_t at = 0; (at = wire.find('\n', at)) != std::string::npos; at += 2)
    wire.replace(at, 1, "\r\n");
  EXPECT_EQ(read(wire).patches.at(0).content,
            read(patch_mail("[PATCH] a", "a")).patches[0].content);
  const auto dos = read(patch_mail("[PATCH] a", "a\r"));
  EXPECT_EQ(added_lines(dos), Words{"a\r"}) << "the patched file has such line ends";
}

TEST(Mbox, SplitsAtFromLinesAlone) {
  const auto body = "Quote:\n\nFrom me to you.\n\nFrom here 12:34:56 2020 on\nno header\n---\n";
  EXPECT_EQ(read(mail("[PATCH] a", body + diff("a"))).patches.size(), 1U);
}

TEST(Mbox, TakesOffTheEscapesOfMboxrd) {
  auto text = mail("[PATCH] a",
                   "---\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"
                   ">From x\n>>From y\n");
  EXPECT_NE(read(text).patches.at(0).content.find("\n>From x\n>>From y"), std::string::npos);
  text.replace(0, b4_from.size(), "From mboxrd@z Thu Jan  1 00:00:00 1970\n");
  EXPECT_NE(read(text).patches.at(0).content.find("\nFrom x\n>From y"), std::string::npos);
}

TEST(Mbox, ReadsOneMailAndABareDiff) {
  const auto one = read(patch_mail("[PATCH] a", "a").substr(b4_from.size()));
  EXPECT_EQ(added_lines(one), Words{"a"});
  const auto bare = read("Some words.\n" + diff("b"));
  EXPECT_EQ(added_lines(bare), Words{"b"});
  EXPECT_EQ(bare.patches[0].first_line, 2);
  EXPECT_EQ(read("Index: f.c\n--- a/f.c\n+++ b/f.c\n@@ -1 +1 @@\n-a\n+b\n").patches.size(), 1U);
}

TEST(Mbox, ReportsAFileWithoutAPatch) {
  EXPECT_EQ(read("").errors, (Words{"x.yaml:3:4: there is no patch in 's.mbx' (an mbox as `b4 am` "
                                    "writes it, or one patch, is expected)"}));
  EXPECT_EQ(
      read("\x1f\x8b...").errors,
      (Words{"x.yaml:3:4: there is no patch in 's.mbx' (it is compressed: gunzip it first)"}));
}

TEST(Mbox, SurvivesDamagedFiles) {
  const auto good = patch_mail("=?utf-8?q?=5BPATCH_1/1=5D_gr=C3=BCn?=", "one");
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const auto* change : {"", "\n", "=", "?", "[", "/", ":", "\n\n"}) {
      auto text = good;
      text.replace(at, 1, change);
      const auto result = read(text);
      EXPECT_TRUE(!result.errors.empty() || result.patches.size() == 1) << text;
    }
}

}  // namespace
}  // namespace kmatrix::spec
