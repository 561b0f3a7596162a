// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace kmatrix::report {

/// What a word is worth, shown by its colour.
enum class Tone { plain, good, bad, dim };

/// `text` in the colour of its tone.
std::string coloured(const std::string& text, Tone tone, bool colour);

/// A piece of text in a table. Its text is a single line, safe for a terminal (words.h).
struct Piece {
  Piece(std::string text_, Tone tone_ = Tone::plain) : text(std::move(text_)), tone(tone_) {}
  Piece(const char* text_) : text(text_) {}
  std::string text;
  Tone tone = Tone::plain;
};

/// Columns aligned with two spaces between them, no borders.
class Table {
 public:
  explicit Table(std::size_t indent = 0) : indent_(indent) {}
  void add(std::vector<Piece> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string render(bool colour) const;

 private:
  std::size_t indent_;
  std::vector<std::vector<Piece>> rows_;
};

}  // namespace kmatrix::report
