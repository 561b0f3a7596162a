// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/git.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace kmatrix::spec {

namespace {

constexpr std::size_t longest_revision = 250;

bool is_printable(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 127; });
}

/// "https" of "https://..."; empty if there is no scheme.
std::string scheme_of(const std::string& url) {
  const auto end = url.find("://");
  if (end == std::string::npos || end == 0) return "";
  const auto scheme = url.substr(0, end);
  const bool good = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
  });
  return good ? scheme : "";
}

}  // namespace

bool is_url(const std::string& repository) {
  if (!scheme_of(repository).empty()) return true;
  if (repository.starts_with("kmatrix:")) return false;
  const auto colon = repository.find(':');
  return colon != std::string::npos && colon > 0 && colon < repository.find('/');
}

bool is_good_url(const std::string& url) {
  constexpr std::array schemes{"https", "http", "git", "ssh", "file"};
  if (!is_printable(url) || std::isalnum(static_cast<unsigned char>(url.front())) == 0)
    return false;
  const auto scheme = scheme_of(url);
  // "ext::..." and the like would start a program.
  if (scheme.empty()) return url.find("::") == std::string::npos;
  return std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

bool is_revision(const std::string& text) {
  return !text.empty() && text.size() <= longest_revision && text.front() != '-' &&
         is_printable(text) && text.find("..") == std::string::npos;
}

GitRange split_range(const std::string& text) {
  const auto dots = text.find("..");
  if (dots == std::string::npos) return {};
  GitRange range;
  range.from = text.substr(0, dots);
  range.to = text.substr(dots + 2);
  if (!is_revision(range.from) || !is_revision(range.to) || range.to.front() == '.') return {};
  return range;
}

}  // namespace kmatrix::spec
