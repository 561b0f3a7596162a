// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/view.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/words.h"

namespace kmatrix::browse {

namespace {

/// Of a text that is too long the end says more.
std::string end_that_fits(const std::string& text, std::size_t width) {
  const auto columns = columns_of({{text}});
  if (columns <= width) return text;
  constexpr std::size_t dots = 3;
  if (width <= dots) return plain_text(cut({{text}}, columns - width, width, true));
  return "..." + plain_text(cut({{text}}, columns - (width - dots), width - dots, true));
}

std::string path_text(const std::vector<Page>& pages) {
  // The list of runs is behind everything, and says nothing there.
  std::string text = "kmatrix";
  for (std::size_t i = pages.size() > 1 ? 1 : 0; i < pages.size(); ++i)
    text += " > " + pages[i].content.title;
  return text;
}

/// How far one is: rows of a list, or of a text what of it was seen.
std::string position_text(const Browser& browser) {
  const auto& page = browser.page();
  const std::size_t rows = page.content.rows.size();
  if (rows == 0) return "empty";
  const std::size_t at =
      page.content.list ? page.at + 1 : std::min(page.top + browser.body_height(), rows);
  return fmt::format("{}/{}", at, rows);
}

Styled status_line(const Browser& browser, std::size_t width) {
  if (browser.prompt()) return {{end_that_fits("/" + *browser.prompt(), width - 1)}};
  const auto right = position_text(browser) + (browser.page().content.going_on ? "  running" : "");
  const std::string left = browser.message().empty()
                               ? (browser.page().content.list ? "Enter goes in, q back, ? keys"
                                                              : "q goes back, / searches, ? keys")
                               : report::line_of(browser.message());
  Look look;
  look.bold = !browser.message().empty();
  if (width < right.size() + 2 || columns_of({{left}}) + right.size() + 2 > width)
    return {{browser.message().empty() ? right : left, look}};
  const auto gap = width - columns_of({{left}}) - right.size();
  return {{left, look}, {std::string(gap, ' ') + right}};
}

Styled body_line(const Browser& browser, std::size_t row) {
  const auto& page = browser.page();
  const auto width = browser.size().width;
  if (row >= page.content.rows.size()) return {};
  auto line = with_matches(page.content.rows[row].text, browser.sought());
  if (!page.content.list || row != page.at) return line;
  return reversed(std::move(line), page.left + width);
}

}  // namespace

View view(const Browser& browser, bool unicode) {
  const std::size_t width = browser.size().width, height = browser.size().height;
  const auto& page = browser.page();
  View view;
  const auto add = [&](const Styled& line, std::size_t left) {
    if (view.lines.size() < height) view.lines.push_back(cut(line, left, width, unicode));
  };
  const bool frame = height >= 3;
  if (frame)
    add(reversed({{end_that_fits(path_text(browser.pages()), width), {report::Tone::plain, true}}},
                 width),
        0);
  if (height >= 5 && !page.content.header.empty()) add(page.content.header, page.left);
  const auto body = browser.body_height();
  for (std::size_t i = 0; i < body; ++i) add(body_line(browser, page.top + i), page.left);
  if (frame) add(status_line(browser, width), 0);
  // On a screen that has no line for it, what is typed is in the place of the last row.
  if (!frame && browser.prompt())
    view.lines.back() = cut(status_line(browser, width), 0, width, unicode);
  if (browser.prompt())
    view.cursor = {view.lines.size() - 1, std::min(columns_of(view.lines.back()), width - 1)};
  return view;
}

}  // namespace kmatrix::browse
