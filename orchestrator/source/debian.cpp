// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/debian.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "cache/wait_lock.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

constexpr const char* apt_helper = "/usr/lib/apt/apt-helper";  // not in PATH: Debian Policy 9.1.1
bool only(std::string_view text, std::string_view more) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || more.find(c) != std::string_view::npos;
                     }) &&
         text.front() != '-' && text.find("..") == std::string_view::npos;
}

/// The names end up in apt's configuration and arguments, so nothing else may be in them.
Status check_names(const spec::DebianOrigin& origin, const Location& at) {
  if (!only(origin.package, "+-."))
    return support::input_error(
        fmt::format("'{}' is not the name of a Debian package", support::printable(origin.package)),
        at);
  if (!origin.suite.empty() && !only(origin.suite, "-./"))
    return support::input_error(
        fmt::format("'{}' is not the name of a Debian suite", support::printable(origin.suite)),
        at);
  if (!origin.version.empty() && !only(origin.version, ".+-~:"))
    return support::input_error(
        fmt::format("'{}' is not a Debian version", support::printable(origin.version)), at);
  return {};
}

std::string percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* begin = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(begin, begin + 2, code, 16).ptr == begin + 2) {
      plain += static_cast<char>(code);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::vector<std::string> first_words(const std::string& output) {
  std::vector<std::string> words;
  for (const auto& line : support::split_lines(output))
    if (!line.empty() && line.find(": ") == std::string::npos) words.push_back(line);
  std::sort(words.begin(), words.end());
  return words;
}

std::string package_hint(const spec::DebianOrigin& origin, const std::vector<std::string>& known) {
  std::vector<std::string> kernels;
  for (const auto& name : known)
    if (name.starts_with("linux-source-")) kernels.push_back(name);
  std::string hint = support::did_you_mean(origin.package, kernels);
  if (!kernels.empty())
    hint += (hint.empty() ? "" : " ") + fmt::format("there are: {}", support::join(kernels, ", "));
  if (origin.suite.empty())
    hint += (hint.empty() ? "" : "; ") +
            std::string("a package of another suite needs 'suite:', as in trixie-backports");
  return hint;
}

}  // namespace

std::optional<DebianPackage> parse_print_uris(std::string_view output) {
  for (std::string_view line : support::split_lines(output)) {
    if (!line.starts_with('\'')) continue;
    const auto quote = line.find("' ", 1);
    if (quote == std::string_view::npos) continue;
    DebianPackage found;
    found.uri = line.substr(1, quote - 1);
    line.remove_prefix(quote + 2);
    const auto space = line.find(' ');
    const std::string_view file = line.substr(0, space);
    const auto first = file.find('_'), last = file.rfind('_');
    if (space == std::string_view::npos || first == last) continue;
    found.package = percent_decoded(file.substr(0, first));
    found.version = percent_decoded(file.substr(first + 1, last - first - 1));
    line.remove_prefix(space + 1);
    const auto size = std::from_chars(line.data(), line.data() + line.size(), found.size);
    constexpr std::string_view label = " SHA256:";
    const std::string_view rest(size.ptr, line.data() + line.size());
    if (size.ec != std::errc() || !rest.starts_with(label)) continue;
    found.sha256.hex = support::trim(rest.substr(label.size()));
    if (found.sha256.hex.size() == 64) return found;
  }
  return std::nullopt;
}

DebianArchive::DebianArchive(fs::path cache, support::ProcessRunner& runner,
                             std::function<void(std::string)> say, std::stop_token stop)
    : apt_(cache, runner, say, stop), cache_(std::move(cache)), say_(std::move(say)), stop_(stop) {}

Result<std::optional<DebianPackage>> DebianArchive::ask(const Apt::View& view,
                                                        const spec::DebianOrigin& origin) {
  const std::string wanted = origin.package + (origin.version.empty() ? "" : "=" + origin.version);
  auto exit = apt_.run("apt-get", view, {"download", "--print-uris", wanted});
  if (!exit) return exit.error();
  if (!exit->good()) return std::optional<DebianPackage>();
  return parse_print_uris(exit->output);
}

Result<std::vector<std::string>> DebianArchive::names(const Apt::View& view,
                                                      const std::string& prefix) {
  auto exit = apt_.run("apt-cache", view, {"pkgnames", prefix});
  if (!exit) return exit.error();
  return first_words(exit->output);
}

Result<std::vector<std::string>> DebianArchive::versions(const Apt::View& view,
                                                         const std::string& package) {
  auto exit = apt_.run("apt-cache", view, {"madison", package});
  if (!exit) return exit.error();
  std::vector<std::string> found;
  for (std::string_view line : support::split_lines(exit->output)) {
    const auto first = line.find('|');
    const auto second = line.find('|', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    std::string version(support::trim(line.substr(first + 1, second - first - 1)));
    if (std::find(found.begin(), found.end(), version) == found.end())
      found.push_back(std::move(version));
  }
  return found;
}

Error DebianArchive::explain_missing(const Apt::View& view, const spec::DebianOrigin& origin,
                                     const Location& at) {
  auto kernels = names(view, "linux-source-");
  if (!kernels) return kernels.error();
  auto all = versions(view, origin.package);
  if (!all) return all.error();
  if (all->empty())
    return support::input_error(fmt::format("no package '{}' in {}", origin.package, view.words),
                                at, package_hint(origin, *kernels));
  if (!origin.version.empty() && std::find(all->begin(), all->end(), origin.version) == all->end())
    return support::input_error(
        fmt::format("no version '{}' of {} in {}", origin.version, origin.package, view.words), at,
        fmt::format("there are: {}", support::join(*all, ", ")));
  return support::infrastructure_error(
      fmt::format("apt knows {} but does not say where it is", origin.package),
      fmt::format("try 'apt-get -c {} download --print-uris {}'", view.config.string(),
                  origin.package));
}

Result<DebianPackage> DebianArchive::resolve_in_suite(const spec::DebianOrigin& origin,
                                                      const Location& at) {
  auto view = apt_.suite(origin.suite);
  if (!view) return view.error();
  if (auto updated = apt_.update(*view); !updated) {
    if (updated.error().kind == ErrorKind::input) updated.error().at = at;
    return updated.error();
  }
  auto package = ask(*view, origin);
  if (!package) return package.error();
  if (!*package) return explain_missing(*view, origin, at);
  return std::move(**package);
}

Result<DebianPackage> DebianArchive::resolve_on_machine(const spec::DebianOrigin& origin,
                                                        const Location& at, bool refresh) {
  if (!refresh) {
    auto view = apt_.machine(false);
    if (!view) return view.error();
    auto package = ask(*view, origin);
    if (!package) return package.error();
    if (*package) return std::move(**package);
    auto known = names(*view, "linux-source");
    if (!known) return known.error();
    // Lists that know no kernel at all are those of a fresh container, not of a spelling mistake.
    if (!known->empty()) return explain_missing(*view, origin, at);
  }
  auto view = apt_.machine(true);
  if (!view) return view.error();
  auto updated = apt_.update(*view);
  if (!updated && updated.error().kind == ErrorKind::interrupted) return updated.error();
  auto package = ask(*view, origin);
  if (!package) return package.error();
  // Some source of the machine that has nothing to do with this package may well be out of reach.
  if (*package) return std::move(**package);
  if (updated) return explain_missing(*view, origin, at);
  updated.error().kind = ErrorKind::infrastructure;
  return updated.error();
}

Result<DebianPackage> DebianArchive::resolve(const spec::DebianOrigin& origin, const Location& at,
                                             bool refresh) {
  KMATRIX_TRY(check_names(origin, at));
  auto lock = cache::wait_for_lock(cache_ / "locks/apt", stop_,
                                   [this] { say_("waiting for another kmatrix that asks apt"); });
  if (!lock) return lock.error();
  return origin.suite.empty() ? resolve_on_machine(origin, at, refresh)
                              : resolve_in_suite(origin, at);
}

Result<fs::path> DebianArchive::download(const DebianPackage& package, const fs::path& folder) {
  say_(fmt::format("downloading {} {} ({} MB)", package.package, package.version,
                   (package.size + 500'000) / 1'000'000));
  auto view = apt_.machine(false);
  if (!view) return view.error();
  const fs::path file = folder / "package.deb";
  // Not `apt-get download`: the index may know this version no longer, the archive still has it.
  auto exit =
      apt_.run(apt_helper, *view,
               {"download-file", package.uri, file.string(), "SHA256:" + package.sha256.hex});
  if (!exit) return exit.error();
  const std::string what = fmt::format("{} {}", package.package, package.version);
  if (!exit->good()) {
    const bool gone = exit->output.find("404") != std::string::npos;
    return support::infrastructure_error(
        fmt::format("cannot download {}: {}", what, apt_words(exit->output)),
        gone ? "the mirror no longer has this version: refresh the tree to use the newest"
             : "check the network, and apt's proxy settings");
  }
  auto digest = support::digest_file(file);
  if (!digest) return digest.error();
  if (*digest != package.sha256)
    return support::infrastructure_error(
        fmt::format("the download of {} is damaged: SHA-256 {} instead of {}", what, digest->hex,
                    package.sha256.hex),
        "try again; if it stays so, the mirror or a proxy is broken");
  return file;
}

}  // namespace kmatrix::source
