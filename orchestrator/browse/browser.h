// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "browse/content.h"

namespace kmatrix::browse {

/// A key that was pressed.
struct Key {
  enum class Code {
    character,
    enter,
    escape,
    backspace,
    up,
    down,
    left,
    right,
    page_up,
    page_down,
    home,
    end,
    other
  };
  Code code = Code::other;
  std::string text = {};  ///< of a character: itself, in UTF-8
};

struct Size {
  std::size_t width = 80, height = 24;
};

/// A place that was gone to, with what is seen there.
struct Page {
  Place place;
  Content content;
  std::size_t at = 0;    ///< the row that is chosen; of a text its first line on the screen
  std::size_t top = 0;   ///< the first row on the screen
  std::size_t left = 0;  ///< columns that are out to the left
};

/// What the keys do, without a terminal: a stack of pages, the last of which is on the screen.
/// What cannot be read is said in the last line and changes nothing else.
class Browser {
 public:
  /// Begins with the list of runs, or with a run and the list behind it. Error: it cannot be read.
  static Result<Browser> begin(Source& source, std::optional<store::RunId> run);

  void press(const Key& key);
  void resize(Size size);
  /// Reads again what another process changed. Call about once in two seconds.
  void refresh();
  bool done() const { return done_; }

  const Page& page() const { return pages_.back(); }
  const std::vector<Page>& pages() const { return pages_; }
  Size size() const { return size_; }
  std::size_t body_height() const;
  const std::string& message() const { return message_; }
  /// What is being typed to be searched; nullopt: nothing is.
  const std::optional<std::string>& prompt() const { return prompt_; }
  const std::string& sought() const { return sought_; }

 private:
  explicit Browser(Source& source) : source_(&source) {}
  void press_in_prompt(const Key& key);
  void press_character(char key);
  void move(const Key& key);
  bool open(const Place& place);
  void back();
  void enter();
  void open_axes();
  void open_log();
  void read_again(bool by_hand);
  /// The next row (or the one before) with what is sought, round the end.
  void find_next(bool forward, bool from_here);
  void to_row(std::size_t row);
  void move_by(std::ptrdiff_t rows);
  void keep_in_sight();
  std::size_t last_row() const;

  Source* source_;
  std::vector<Page> pages_;
  Size size_;
  std::string message_, sought_;
  std::optional<std::string> prompt_;
  std::optional<std::size_t> found_;  ///< the line of a text that was found last
  bool done_ = false;
};

}  // namespace kmatrix::browse
