// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/screen.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

namespace kmatrix::cli {
namespace {

using Lines = std::vector<std::string>;

/// As much of a terminal as a Screen uses: it wraps, scrolls, and keeps what scrolled out.
class Terminal {
 public:
  Terminal(std::size_t width, std::size_t height) : width_(width), height_(height) {}
  void feed(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\r') {
        column_ = 0;
      } else if (bytes[i] == '\n') {
        down();
      } else if (bytes.substr(i, 2) == "\x1b[") {
        i = escape(bytes, i + 2);
      } else {
        put(bytes[i]);
      }
    }
  }
  /// A narrower terminal that reflows: what is too long goes on in the next row.
  void narrow(std::size_t width) {
    Lines rows;
    std::size_t cursor = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (i == row_) cursor = rows.size();
      rows.push_back(rows_[i].substr(0, width));
      for (std::size_t at = width; at < rows_[i].size(); at += width)
        rows.push_back(rows_[i].substr(at, width));
    }
    rows_ = rows;
    row_ = cursor;
    width_ = width;
  }
  const Lines& rows() const { return rows_; }  ///< from the first that ever was
  Screen::Size size() const { return {width_, height_}; }

 private:
  std::size_t top() const { return rows_.size() > height_ ? rows_.size() - height_ : 0; }
  void down() {
    if (++row_ == rows_.size()) rows_.emplace_back();
    column_ = 0;
  }
  void put(char each) {
    if (column_ == width_) down();
    auto& row = rows_[row_];
    row.resize(std::max(row.size(), column_ + 1), ' ');
    row[column_++] = each;
  }
  std::size_t escape(std::string_view bytes, std::size_t at) {
    std::size_t count = 0;
    while (std::isdigit(static_cast<unsigned char>(bytes.at(at))) != 0)
      count = 10 * count + static_cast<std::size_t>(bytes[at++] - '0');
    if (bytes[at] == 'A') {
      EXPECT_LE(top() + count, row_) << "up beyond the top of the screen";
      row_ -= std::min(count, row_ - top());
    } else if (bytes[at] == 'K' || bytes[at] == 'J') {
      rows_[row_].resize(std::min(rows_[row_].size(), column_));
      for (auto row = row_ + 1; bytes[at] == 'J' && row < rows_.size(); ++row) rows_[row].clear();
    } else {
      ADD_FAILURE() << "unknown escape " << bytes[at];
    }
    return at;
  }

  std::size_t width_, height_, row_ = 0, column_ = 0;
  Lines rows_{""};
};

class ScreenTest : public ::testing::Test {
 protected:
  ScreenTest()
      : out_(open_memstream(&text_, &size_)),
        screen_(out_, true, [this] { return terminal_.size(); }) {}
  ~ScreenTest() override {
    screen_.clear();
    std::fclose(out_);
    std::free(text_);
  }
  void draw(const Lines& lines) {
    screen_.draw([&](Screen::Size) { return lines; });
    show();
  }
  void print(const std::string& text) {
    screen_.print(text);
    show();
  }
  void show() {
    std::fflush(out_);
    terminal_.feed(std::string_view(text_ + shown_, size_ - shown_));
    shown_ = size_;
  }
  Lines seen() const {
    auto rows = terminal_.rows();
    while (!rows.empty() && rows.back().empty()) rows.pop_back();
    return rows;
  }

  Terminal terminal_{20, 6};
  char* text_ = nullptr;
  std::size_t size_ = 0, shown_ = 0;
  std::FILE* out_;
  Screen screen_;
};

TEST_F(ScreenTest, TheBoardStaysBelowWhatIsPrinted) {
  draw({"one", "two"});
  print("done a");
  EXPECT_EQ(seen(), (Lines{"done a", "one", "two"}));
  draw({"1"});
  print("done b");
  EXPECT_EQ(seen(), (Lines{"done a", "done b", "1"}));
  screen_.clear();
  show();
  EXPECT_EQ(seen(), (Lines{"done a", "done b"}));
}

TEST_F(ScreenTest, NothingThatWasPrintedIsEverLost) {
  Lines expected;
  for (int i = 0; i < 40; ++i) {
    Lines board(static_cast<std::size_t>(i % 9), "board line");
    for (auto& line : board) line += std::string(static_cast<std::size_t>(i % 23), 'x');
    draw(board);
    // Some lines are longer than the terminal is wide.
    const auto text = "line " + std::to_string(i) + std::string(static_cast<std::size_t>(i), '.');
    print(text);
    for (std::size_t at = 0; at < text.size(); at += 20) expected.push_back(text.substr(at, 20));
    auto rows = terminal_.rows();
    ASSERT_GE(rows.size(), expected.size());
    rows.resize(expected.size());
    ASSERT_EQ(rows, expected) << "after " << i;
  }
}

TEST_F(ScreenTest, AResizeDamagesNothing) {
  print("done a");
  draw({"a board of one line", "and another line"});
  terminal_.narrow(8);
  draw({"board", "line"});
  EXPECT_EQ(seen(), (Lines{"done a", "board", "line"}));
  draw({"longer than it may be", "line"});
  print("done b");
  EXPECT_EQ(seen(), (Lines{"done a", "done b", "longer ", "line"}));
}

TEST_F(ScreenTest, WithoutATerminalThereAreNoEscapes) {
  Screen plain(out_, false);
  plain.draw([](Screen::Size) { return Lines{"board"}; });
  plain.print("done");
  std::fflush(out_);
  EXPECT_EQ(std::string(text_, size_), "done\n");
  shown_ = size_;
}

}  // namespace
}  // namespace kmatrix::cli
