// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "source/apt.h"
#include "spec/experiment.h"
#include "support/digest.h"
#include "support/process.h"
#include "support/result.h"

namespace kmatrix::source {

/// A package as the archive's signed index describes it: all that is needed to fetch it again.
struct DebianPackage {
  std::string package, version, uri;
  std::uint64_t size = 0;
  support::Digest sha256;
  bool operator==(const DebianPackage&) const = default;
};

/// Debian's archive, asked through apt (see Apt). Several processes may use one cache.
class DebianArchive {
 public:
  DebianArchive(std::filesystem::path cache, support::ProcessRunner& runner,
                std::function<void(std::string)> say, std::stop_token stop);

  /// Which package the origin means now. Without a suite the machine's own index is asked, which is
  /// fetched afresh for us if it is empty or on `refresh`; for a suite its index is always fetched,
  /// from the machine's own Debian mirror. Input errors are at `at`: no such package (did you
  /// mean), version or suite.
  Result<DebianPackage> resolve(const spec::DebianOrigin& origin, const Location& at, bool refresh);

  /// Fetches the package's file into `folder`, checks its digest, and returns its path.
  Result<std::filesystem::path> download(const DebianPackage& package,
                                         const std::filesystem::path& folder);

 private:
  Result<std::optional<DebianPackage>> ask(const Apt::View& view, const spec::DebianOrigin& origin);
  Result<std::vector<std::string>> names(const Apt::View& view, const std::string& prefix);
  Result<std::vector<std::string>> versions(const Apt::View& view, const std::string& package);
  Result<DebianPackage> resolve_in_suite(const spec::DebianOrigin& origin, const Location& at);
  Result<DebianPackage> resolve_on_machine(const spec::DebianOrigin& origin, const Location& at,
                                           bool refresh);
  Error explain_missing(const Apt::View& view, const spec::DebianOrigin& origin,
                        const Location& at);

  Apt apt_;
  std::filesystem::path cache_;
  std::function<void(std::string)> say_;
  std::stop_token stop_;
};

/// One line of `apt-get download --print-uris`: 'URI' FILE SIZE SHA256:HEX
std::optional<DebianPackage> parse_print_uris(std::string_view output);

}  // namespace kmatrix::source
