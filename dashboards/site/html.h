// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace kmatrix::site {

/// Markup that stands in the source: only a string literal becomes one, so no text of a guest or of
/// a file can be taken for markup.
class Markup {
 public:
  template <std::size_t N>
  consteval Markup(const char (&literal)[N]) : text_(literal, N - 1) {}
  std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};

/// `text` as HTML text or as the value of an attribute in double quotes. Invalid UTF-8 and control
/// characters but newline and tab become U+FFFD; characters that turn the direction of the text
/// around (bidi) or cannot be seen are shown by their number.
void append_escaped(std::string& to, std::string_view text);
std::string escaped(std::string_view text);

/// A page, or a part of one, that is written from the front to the back.
class Html {
 public:
  Html& operator<<(Markup markup) {
    text_ += markup.view();
    return *this;
  }
  /// Text, escaped.
  Html& text(std::string_view text) {
    append_escaped(text_, text);
    return *this;
  }
  template <std::integral T>
  Html& number(T number) {
    text_ += std::to_string(number);
    return *this;
  }
  Html& real(double number);  ///< for attributes of SVG: "12.5"
  Html& add(const Html& part) {
    text_ += part.text_;
    return *this;
  }
  /// JSON for a <script type="application/json">, in which "<" and ">" are written as \u003c.
  Html& json(std::string_view json);
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  bool empty() const { return text_.empty(); }
  const std::string& str() const { return text_; }

 private:
  std::string text_;
};

/// A part of a path or a URL: lower-case letters, digits, '-', '.' and '_' of the text, and a
/// digest of it if that is not all of it. Different texts have different slugs.
std::string slug(std::string_view text);

/// The value of a query parameter in a URL.
std::string url_encoded(std::string_view text);

}  // namespace kmatrix::site
