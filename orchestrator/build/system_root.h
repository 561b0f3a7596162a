// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kmatrix::build {

/// Where programs are looked for inside of the sandbox; the toolchain is looked up there as well.
inline constexpr std::string_view sandbox_path =
    "/usr/local/bin:/usr/bin:/usr/sbin:/usr/local/sbin:/bin:/sbin";

/// The system whose compilers build: the host's, or that of a toolchain image.
class SystemRoot {
 public:
  /// The host's.
  SystemRoot() = default;
  /// That below `folder`; `identity` names its content ("image toolchain-trixie 0123456789ab").
  SystemRoot(std::filesystem::path folder, std::string identity)
      : folder_(std::move(folder)), identity_(std::move(identity)) {}

  bool is_host() const { return folder_.empty(); }
  const std::string& identity() const { return identity_; }

  /// Path inside of the system of a program as the sandbox finds it; empty if it does not.
  std::filesystem::path find(const std::string& program) const;

  /// The first arguments of bubblewrap: it and its name spaces, with nothing in sight but this
  /// system, read-only, /proc, /dev and an empty /tmp.
  std::vector<std::string> sandbox() const;

 private:
  std::filesystem::path folder_;
  std::string identity_;
};

}  // namespace kmatrix::build
