// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/terminal.h"

// Functions instead of macros, whose names (move, clear, erase...) would be everybody's.
#define NCURSES_NOMACROS 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace kmatrix::browse {

namespace {

constexpr short good_pair = 1, bad_pair = 2;
/// After Escape alone nothing follows; the rest of a key's sequence follows at once.
constexpr int escape_delay_ms = 50;
constexpr int control_h = 8, delete_key = 127, escape_key = 27;

Error no_terminal(const std::string& why) {
  return support::input_error("browse needs a terminal: " + why, {},
                              "`kmatrix show` prints the results of a run, `kmatrix log` a log");
}

attr_t attributes_of(const Look& look, bool colour) {
  attr_t attributes = A_NORMAL;
  if (look.bold) attributes |= A_BOLD;
  if (look.reverse) attributes |= A_REVERSE;
  if (look.match) attributes |= A_BOLD | A_UNDERLINE;
  if (look.tone == report::Tone::dim) attributes |= A_DIM;
  if (!colour) return attributes;
  if (look.tone == report::Tone::good) attributes |= static_cast<attr_t>(COLOR_PAIR(good_pair));
  if (look.tone == report::Tone::bad) attributes |= static_cast<attr_t>(COLOR_PAIR(bad_pair));
  return attributes;
}

Key::Code code_of(int key) {
  switch (key) {
    case KEY_UP:
      return Key::Code::up;
    case KEY_DOWN:
      return Key::Code::down;
    case KEY_LEFT:
      return Key::Code::left;
    case KEY_RIGHT:
      return Key::Code::right;
    case KEY_PPAGE:
      return Key::Code::page_up;
    case KEY_NPAGE:
      return Key::Code::page_down;
    case KEY_HOME:
      return Key::Code::home;
    case KEY_END:
      return Key::Code::end;
    case KEY_ENTER:
      return Key::Code::enter;
    case KEY_BACKSPACE:
      return Key::Code::backspace;
    default:
      return Key::Code::other;
  }
}

Key key_of_character(wint_t character) {
  switch (character) {
    case '\r':
    case '\n':
      return {Key::Code::enter};
    case control_h:
    case delete_key:
      return {Key::Code::backspace};
    case escape_key:
      return {Key::Code::escape};
    default:
      break;
  }
  if (character < ' ') return {};
  std::string text(MB_CUR_MAX, '\0');
  mbstate_t state{};
  const auto length = wcrtomb(text.data(), static_cast<wchar_t>(character), &state);
  if (length == static_cast<std::size_t>(-1)) return {};
  text.resize(length);
  return {Key::Code::character, text};
}

}  // namespace

Status Terminal::check() {
  if (isatty(STDIN_FILENO) != 1) return no_terminal("stdin is none");
  if (isatty(STDOUT_FILENO) != 1) return no_terminal("stdout is none");
  return {};
}

Result<std::unique_ptr<Terminal>> Terminal::open(bool colour) {
  KMATRIX_TRY(check());
  setlocale(LC_CTYPE, "");
  const bool unicode = std::string_view(nl_langinfo(CODESET)) == "UTF-8";
  const char* const name = std::getenv("TERM");
  // initscr() would end the process where it fails.
  if (name == nullptr || newterm(name, stdout, stdin) == nullptr)
    return no_terminal("the TERM of this one is not known");
  std::unique_ptr<Terminal> terminal(new Terminal(colour, unicode));
  if (tigetstr("cup") == nullptr) return no_terminal("this one cannot place its cursor");
  cbreak();
  noecho();
  nonl();
  set_escdelay(escape_delay_ms);
  keypad(stdscr, true);
  leaveok(stdscr, false);
  if (colour && has_colors()) {
    start_color();
    use_default_colors();
    init_pair(good_pair, COLOR_GREEN, -1);
    init_pair(bad_pair, COLOR_RED, -1);
  } else {
    terminal->colour_ = false;
  }
  return terminal;
}

Terminal::~Terminal() { give_back(); }

void Terminal::give_back() {
  if (!isendwin()) endwin();
}

Size Terminal::size() const {
  int width = 1, height = 1;
  getmaxyx(stdscr, height, width);
  return {static_cast<std::size_t>(std::max(width, 1)),
          static_cast<std::size_t>(std::max(height, 1))};
}

void Terminal::draw(const View& view) {
  werase(stdscr);
  for (std::size_t i = 0; i < view.lines.size(); ++i) {
    wmove(stdscr, static_cast<int>(i), 0);
    for (const auto& span : view.lines[i]) {
      wattrset(stdscr, static_cast<int>(attributes_of(span.look, colour_)));
      // The last column of the last line cannot be passed: an error that means nothing.
      waddnstr(stdscr, span.text.c_str(), static_cast<int>(span.text.size()));
    }
  }
  wattrset(stdscr, A_NORMAL);
  curs_set(view.cursor ? 1 : 0);
  if (view.cursor)
    wmove(stdscr, static_cast<int>(view.cursor->first), static_cast<int>(view.cursor->second));
  wrefresh(stdscr);
}

std::optional<Key> Terminal::read(std::chrono::milliseconds time) {
  wtimeout(stdscr, static_cast<int>(time.count()));
  wint_t character = 0;
  const int kind = wget_wch(stdscr, &character);
  if (kind == ERR || (kind == KEY_CODE_YES && character == KEY_RESIZE)) return std::nullopt;
  if (kind == KEY_CODE_YES) return Key{code_of(static_cast<int>(character))};
  return key_of_character(character);
}

}  // namespace kmatrix::browse
