// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "support/result.h"

namespace kmatrix::support {

/// A SHA-256 in lower-case hexadecimal (64 characters), or empty for none.
struct Digest {
  std::string hex;
  auto operator<=>(const Digest&) const = default;
  bool empty() const { return hex.empty(); }
  std::string brief() const { return hex.substr(0, 12); }
};

/// Incremental SHA-256 (libcrypto). `field` frames its argument with name and length, so that
/// different sequences of fields never give the same bytes.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  Hasher& bytes(std::string_view data);
  Hasher& field(std::string_view name, std::string_view value);
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest digest_of(std::string_view data);
Result<Digest> digest_file(const std::filesystem::path& file);

/// Digest of a folder's content: relative names in byte order, type, executable bit, content or
/// link target. Owners, times and other mode bits do not count.
Result<Digest> digest_folder(const std::filesystem::path& folder);

}  // namespace kmatrix::support
