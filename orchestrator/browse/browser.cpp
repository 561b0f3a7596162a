// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/browser.h"

#include <fmt/format.h>

#include <algorithm>

namespace kmatrix::browse {

using Code = Key::Code;

namespace {

/// Takes off the last character of UTF-8.
void drop_last(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

constexpr std::size_t longest_search = 200;
constexpr std::size_t sideways = 16;

/// The page with new content, where it was as far as that is still there.
void renew(Page& page, Content content, std::size_t body) {
  const auto& old = page.content.rows;
  const auto key = page.at < old.size() ? old[page.at].key : "";
  const bool at_end = page.at + body >= old.size();
  const bool grew = content.rows.size() > old.size();
  page.content = std::move(content);
  const auto& rows = page.content.rows;
  if (page.content.list) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.key == key; });
    if (found != rows.end()) page.at = static_cast<std::size_t>(found - rows.begin());
  } else if (at_end && grew) {
    // As a terminal on which the log is printed.
    page.at = rows.size() - std::min(body, rows.size());
  }
}

}  // namespace

Result<Browser> Browser::begin(Source& source, std::optional<store::RunId> run) {
  Browser browser(source);
  // What changes from now on is noticed.
  if (const auto changed = source.has_changed(); !changed) return changed.error();
  std::vector<Place> places{{}};
  if (run) places.push_back({Place::Kind::cells, *run});
  for (const auto& place : places) {
    auto content = content_of(place, source);
    if (!content) return content.error();
    browser.pages_.push_back({place, std::move(*content)});
  }
  if (run) {
    auto& runs = browser.pages_.front();
    for (std::size_t i = 0; i < runs.content.rows.size(); ++i)
      if (runs.content.rows[i].key == std::to_string(run->value)) runs.at = i;
  }
  return browser;
}

std::size_t Browser::body_height() const {
  std::size_t taken = 0;
  if (size_.height >= 3) taken += 2;
  if (size_.height >= 5 && !page().content.header.empty()) ++taken;
  return std::max<std::size_t>(size_.height, taken + 1) - taken;
}

std::size_t Browser::last_row() const {
  const auto& content = page().content;
  const std::size_t rows = content.rows.size();
  const std::size_t behind = content.list ? 1 : body_height();
  return rows - std::min(rows, behind);
}

void Browser::keep_in_sight() {
  auto& page = pages_.back();
  const auto body = body_height();
  page.at = std::min(page.at, last_row());
  if (!page.content.list) {
    page.top = page.at;
    return;
  }
  const std::size_t rows = page.content.rows.size();
  page.top = std::min(page.top, rows - std::min(rows, body));
  page.top = std::min(page.top, page.at);
  if (page.at >= page.top + body) page.top = page.at - body + 1;
}

void Browser::resize(Size size) {
  size_ = {std::max<std::size_t>(size.width, 1), std::max<std::size_t>(size.height, 1)};
  keep_in_sight();
}

void Browser::to_row(std::size_t row) {
  pages_.back().at = row;
  keep_in_sight();
}

void Browser::move_by(std::ptrdiff_t rows) {
  const auto at = static_cast<std::ptrdiff_t>(page().at) + rows;
  to_row(static_cast<std::size_t>(std::max<std::ptrdiff_t>(at, 0)));
}

bool Browser::open(const Place& place) {
  auto content = content_of(place, *source_);
  if (!content) {
    message_ = to_string(content.error());
    return false;
  }
  pages_.push_back({place, std::move(*content)});
  found_.reset();
  keep_in_sight();
  if (!place.sought.empty()) {
    sought_ = place.sought;
    find_next(true, true);
  }
  return true;
}

void Browser::back() {
  found_.reset();
  if (pages_.size() == 1) {
    done_ = true;
    return;
  }
  pages_.pop_back();
  keep_in_sight();
}

void Browser::enter() {
  const auto& rows = page().content.rows;
  if (!page().content.list || page().at >= rows.size() || !rows[page().at].into) return;
  open(Place(*rows[page().at].into));
}

void Browser::open_axes() {
  auto place = page().place;
  if (place.kind == Place::Kind::axes || place.kind == Place::Kind::keys) return;
  if (place.kind == Place::Kind::runs) {
    if (page().content.rows.empty()) return;
    place = *page().content.rows[page().at].into;
  }
  if (!open({Place::Kind::axes, place.run})) return;
  if (!page().content.rows.empty()) return;
  back();
  message_ = "nothing to compare: one series, config, tree, machine and suite alone";
}

void Browser::open_log() {
  const auto& content = page().content;
  const bool at_row = page().place.kind == Place::Kind::cells && page().at < content.rows.size();
  if (at_row) {
    const auto& cell = *content.rows[page().at].into;
    open({Place::Kind::log, cell.run, cell.cell});
  } else if (content.log) {
    open(Place(*content.log));
  } else {
    message_ = "choose a cell first";
  }
}

void Browser::read_again(bool by_hand) {
  auto& page = pages_.back();
  auto content = content_of(page.place, *source_);
  if (!content) {
    message_ = to_string(content.error());
    return;
  }
  renew(page, std::move(*content), body_height());
  keep_in_sight();
  if (by_hand) message_ = "read again";
}

void Browser::refresh() {
  const auto changed = source_->has_changed();
  if (!changed) {
    message_ = to_string(changed.error());
    return;
  }
  const bool log = page().place.kind == Place::Kind::log && page().content.going_on;
  if (*changed || log) read_again(false);
}

void Browser::find_next(bool forward, bool from_here) {
  const auto& rows = page().content.rows;
  const std::size_t count = rows.size();
  if (sought_.empty() || count == 0) {
    message_ = sought_.empty() ? "nothing was searched for yet: / does" : "not found: " + sought_;
    return;
  }
  const std::size_t begin = page().content.list ? page().at : found_.value_or(page().at);
  const bool include = from_here || (!page().content.list && !found_ && forward);
  for (std::size_t i = include ? 0 : 1; i <= count; ++i) {
    const std::size_t row = (forward ? begin + i : begin + 2 * count - i) % count;
    if (!has_match(plain_text(rows[row].text), sought_)) continue;
    const bool round = forward ? row < begin : row > begin;
    message_ = round ? (forward ? "went on at the top" : "went on at the bottom") : "";
    found_ = row;
    to_row(row);
    return;
  }
  message_ = "not found: " + sought_;
}

void Browser::press(const Key& key) {
  message_.clear();
  if (prompt_) {
    press_in_prompt(key);
    return;
  }
  switch (key.code) {
    case Code::character:
      if (key.text.size() == 1) press_character(key.text[0]);
      return;
    case Code::enter:
      enter();
      return;
    case Code::escape:
    case Code::backspace:
      back();
      return;
    default:
      move(key);
  }
}

void Browser::move(const Key& key) {
  auto& page = pages_.back();
  found_.reset();
  const auto body = static_cast<std::ptrdiff_t>(body_height());
  switch (key.code) {
    case Code::up:
      return move_by(-1);
    case Code::down:
      return move_by(1);
    case Code::page_up:
      return move_by(-body);
    case Code::page_down:
      return move_by(body);
    case Code::home:
      return to_row(0);
    case Code::end:
      return to_row(last_row());
    case Code::left:
      page.left -= std::min(page.left, sideways);
      return;
    case Code::right: {
      std::size_t widest = 0;
      for (const auto& row : page.content.rows) widest = std::max(widest, columns_of(row.text));
      if (page.left + size_.width < widest) page.left += sideways;
      return;
    }
    default:
      return;
  }
}

void Browser::press_character(char key) {
  switch (key) {
    case 'q':
      return back();
    case 'Q':
      done_ = true;
      return;
    case 'j':
      return move({Code::down});
    case 'k':
      return move({Code::up});
    case 'h':
      return move({Code::left});
    case 'l':
      return move({Code::right});
    case ' ':
      return move({Code::page_down});
    case 'b':
      return move({Code::page_up});
    case 'g':
      return move({Code::home});
    case 'G':
      return move({Code::end});
    case '/':
      prompt_ = "";
      return;
    case 'n':
    case 'N':
      return find_next(key == 'n', false);
    case 'c':
      return open_axes();
    case 'o':
      return open_log();
    case 'r':
      return read_again(true);
    case '?':
      if (page().place.kind != Place::Kind::keys) open({Place::Kind::keys});
      return;
    default:
      message_ = "? shows the keys";
  }
}

void Browser::press_in_prompt(const Key& key) {
  switch (key.code) {
    case Code::character:
      if (prompt_->size() < longest_search) *prompt_ += key.text;
      return;
    case Code::backspace:
      if (prompt_->empty())
        prompt_.reset();
      else
        drop_last(*prompt_);
      return;
    case Code::escape:
      prompt_.reset();
      return;
    case Code::enter:
      // Nothing at all means what was searched for before.
      if (!prompt_->empty()) sought_ = *prompt_;
      prompt_.reset();
      found_.reset();
      find_next(true, true);
      return;
    default:
      return;
  }
}

}  // namespace kmatrix::browse
