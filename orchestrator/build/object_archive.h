// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

struct archive;

namespace kmatrix::build {

/// Writes a ZIP archive: any of its members can be read without the others, by everybody's tools.
class ObjectArchive {
 public:
  explicit ObjectArchive(std::filesystem::path file);
  Status open();
  Status add(const std::string& name, std::string_view content);
  Status close();

 private:
  Error unwritable() const;
  std::filesystem::path file_;
  std::unique_ptr<archive, int (*)(archive*)> writer_;
};

/// Gives `take` the content of each member with one of these names, with its place in `names`.
/// Error: a member is missing, or the archive cannot be read.
Status read_members(const std::filesystem::path& archive, const std::vector<std::string>& names,
                    const std::function<Status(std::size_t, std::string_view)>& take);

}  // namespace kmatrix::build
