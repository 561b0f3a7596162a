// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/base64.h"

#include <cstdint>

namespace kmatrix::agent {

namespace {
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

/// 0..63, or 64 for a character outside the alphabet.
std::uint32_t value_of(char symbol) {
  const auto at = alphabet.find(symbol);
  return at == std::string_view::npos ? 64U : static_cast<std::uint32_t>(at);
}
}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t bits =
        byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    const std::size_t left = bytes.size() - at;
    text += alphabet[bits >> 18 & 63];
    text += alphabet[bits >> 12 & 63];
    text += left > 1 ? alphabet[bits >> 6 & 63] : '=';
    text += left > 2 ? alphabet[bits & 63] : '=';
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;

  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint32_t value = at < text.size() - padding ? value_of(text[at]) : 0U;
    if (value > 63) return std::nullopt;
    bits = bits << 6 | value;
    if (at % 4 != 3) continue;
    for (int shift = 16; shift >= 0; shift -= 8) bytes += static_cast<char>(bits >> shift & 0xff);
    bits = 0;
  }
  for (; padding > 0; --padding) {
    // The bits that padding leaves over must be zero, or one text would have several spellings.
    if (bytes.back() != '\0') return std::nullopt;
    bytes.pop_back();
  }
  return bytes;
}

}  // namespace kmatrix::agent
