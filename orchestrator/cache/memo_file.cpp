// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache/memo_file.h"

#include <system_error>

#include "support/digest.h"
#include "support/file.h"

namespace kmatrix::cache {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view digest_mark = "sha256 ";
constexpr std::size_t line_length = 7 + 64 + 1;
}  // namespace

Status write_memo(const fs::path& file, std::string_view text) {
  std::string whole(text);
  if (!whole.ends_with('\n')) whole += '\n';
  whole += std::string(digest_mark) + support::digest_of(whole).hex + '\n';
  return support::write_file(file, whole);
}

MemoText read_memo(const fs::path& file) {
  MemoText memo;
  std::error_code missing;
  const bool there = fs::exists(fs::symlink_status(file, missing));
  auto whole = support::read_file(file);
  if (!whole) {
    memo.damaged = there;
    return memo;
  }
  const auto begin = whole->size() < line_length ? std::string::npos : whole->size() - line_length;
  if (begin != std::string::npos && whole->compare(begin, digest_mark.size(), digest_mark) == 0) {
    memo.has_digest = true;
    const std::string wanted = whole->substr(begin + digest_mark.size(), 64);
    whole->resize(begin);
    memo.damaged = support::digest_of(*whole).hex != wanted;
    if (memo.damaged) return memo;
  }
  memo.text = std::move(*whole);
  return memo;
}

}  // namespace kmatrix::cache
