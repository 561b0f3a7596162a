// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace kmatrix::image {

/// Is it a relative path of plain names ("usr/bin/awk"), so that it cannot lead out of a folder?
inline bool is_inside(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (name.empty() || name == "." || name == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace kmatrix::image
