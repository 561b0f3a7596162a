// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "browse/view.h"
#include "store/fixture.h"
#include "support/file.h"

namespace kmatrix::browse {

/// A database with two runs. The second has a cell of 40 cases for base, of which case-07 failed,
/// and one for fixed, of which all passed; each with a log of 200 lines.
class Browsing : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = support::TempFolder::create(testing::TempDir(), "browse");
    ASSERT_TRUE(folder);
    folder_ = std::make_unique<support::TempFolder>(std::move(*folder));
    auto writer = store::Store::open(file());
    ASSERT_TRUE(writer);
    writer_ = std::make_unique<store::Store>(std::move(*writer));
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(writer_->add_run(store::some_run()));
    for (const std::string series : {"base", "fixed"}) add_cell(series);
    auto reader = store::Store::open_to_read(file());
    ASSERT_TRUE(reader);
    source_ = std::make_unique<Source>(std::move(*reader), [this](store::RunRow& run) {
      if (!alive_ && run.state == "running") run.state = "interrupted";
    });
  }

  std::filesystem::path file() const { return folder_->path() / "results.db"; }

  void add_cell(const std::string& series) {
    const auto kernel = store::some_kernel({2}, series);
    const auto kernel_id = writer_->put_kernel(kernel);
    ASSERT_TRUE(kernel_id);
    auto cell = store::some_cell(kernel, *kernel_id);
    cell.folder = (folder_->path() / series).string();
    const auto id = writer_->put_cell(cell);
    ASSERT_TRUE(id);
    std::string log;
    for (int i = 1; i <= 200; ++i) log += fmt::format("line {} of {}\r\n", i, series);
    ASSERT_TRUE(support::write_file(folder_->path() / series / "console-1.log", log));
    for (int i = 0; i < 40; ++i) {
      store::CaseRow row;
      row.cell = *id;
      row.name = fmt::format("case-{:02}", i);
      row.outcome = series == "base" && i == 7 ? "failed" : "passed";
      row.message = i == 7 ? "evil \x1b[2J" : "";
      row.boot = 1;
      row.first_line = i + 1;
      row.last_line = i + 100;
      ASSERT_TRUE(writer_->put_case(row));
    }
  }

  void begin(std::optional<store::RunId> run = std::nullopt, Size size = {60, 12}) {
    auto browser = Browser::begin(*source_, run);
    ASSERT_TRUE(browser) << to_string(browser.error());
    browser_ = std::make_unique<Browser>(std::move(*browser));
    browser_->resize(size);
  }

  void type(const std::string& text) {
    for (const char each : text) browser_->press({Key::Code::character, std::string(1, each)});
  }
  void press(Key::Code code) { browser_->press({code}); }

  std::string line(std::size_t number) const {
    return plain_text(view(*browser_, true).lines.at(number));
  }
  std::string chosen() const {
    return plain_text(browser_->page().content.rows.at(browser_->page().at).text);
  }
  Place::Kind kind() const { return browser_->page().place.kind; }

  std::unique_ptr<support::TempFolder> folder_;
  std::unique_ptr<store::Store> writer_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Browser> browser_;
  bool alive_ = true;
};

}  // namespace kmatrix::browse
