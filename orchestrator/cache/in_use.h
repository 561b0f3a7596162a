// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "support/result.h"

namespace kmatrix::cache {

/// Who uses which entry of a cache: locks on one byte an entry of the file locks/in-use, which the
/// kernel drops with the process. An entry's byte is its name's digest; two that share one (never
/// seen) would be kept longer, no more. They belong to the object, not to the process or thread.
class InUse {
 public:
  explicit InUse(std::filesystem::path cache) : cache_(std::move(cache)) {}
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;
  ~InUse();

  /// From here on, until the object dies, nobody else can own the entry. Waits for an owner.
  Status share(std::string_view entry);
  /// True: nobody else uses it, and until drop() nobody can.
  Result<bool> own(std::string_view entry);
  Status drop(std::string_view entry);
  /// Whether somebody else shares or owns it.
  Result<bool> by_others(std::string_view entry);

 private:
  Status open();

  std::filesystem::path cache_;
  int fd_ = -1;
};

}  // namespace kmatrix::cache
