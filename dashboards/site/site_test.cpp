// SPDX-License-Identifier: GPL-2.0-or-later
#include "site/site.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "site/publish.h"
#include "site/words.h"
#include "store/fixture.h"

namespace kmatrix::site {
namespace {

namespace fs = std::filesystem;

/// What a guest, a file or a user may have put wherever text goes.
const std::string hostile =
    "</title></script></pre><script>alert(1)</script><img src=x onerror=alert(2)> \" "
    "onmouseover=\"x"
    "' `$(rm)` \x1b[31m \xff ../../etc/passwd \u202E javascript:alert(3)";

std::vector<Dashboard> shipped() {
  std::vector<Dashboard> dashboards;
  const auto files = dashboard_files(fs::path(KMATRIX_SOURCE_DIR) / "dashboards").value();
  for (const auto& each : files) dashboards.push_back(read_dashboard(each).dashboard);
  return dashboards;
}

class SiteTest : public store::StoreInAFile {
 protected:
  SiteTest() : store_(store::Store::open(file()).value()) {
    fs::create_directories(logs());
    console_ = (logs() / "console-1.log").string();
    output_ = (logs() / "1-case.out").string();
    EXPECT_TRUE(support::write_file(console_, "boot\r\n" + hostile + "\r\nend\r\n"));
    EXPECT_TRUE(support::write_file(output_, "begin\nnot ok " + hostile + "\nlast\n"));
  }
  fs::path logs() const { return file("logs"); }

  /// A run with a kernel for each series, in each a cell with a case of each outcome.
  void add_run(const std::string& text, const std::vector<std::string>& outcomes) {
    auto row = store::some_run();
    row.experiment = text;
    row.experiment_file = row.host = row.folder = text;
    const auto run = store_.add_run(row).value();
    for (const std::string series : {"base", "mine"}) {
      auto kernel = store::some_kernel(run, series);
      kernel.name = text + "/" + series;
      kernel.tree = kernel.config = kernel.compiler = kernel.why = kernel.first_error = text;
      kernel.state = series == "base" ? "failed" : "built";
      kernel.config_text = "CONFIG_A=\"" + text + series + "\"\n";
      auto cell = store::some_cell(kernel, store_.put_kernel(kernel).value(), text);
      cell.machine = cell.reason = cell.explanation = cell.command_line = cell.machine_xml =
          cell.why = cell.notes = text;
      cell.folder = logs().string();
      const auto id = store_.put_cell(cell).value();
      for (const auto& outcome : outcomes) {
        auto result = store::some_case(id, outcome + text, outcome);
        result.message = result.raw = result.argv = text;
        result.first_line = result.last_line = 2;
        result.output = output_;
        EXPECT_TRUE(store_.put_case(result));
      }
      auto incident = store::some_incident(id);
      incident.title = incident.text = incident.case_name = incident.ignored = text;
      EXPECT_TRUE(store_.add_incident(incident));
    }
    EXPECT_TRUE(store_.put_conclusions(run, {{text, text, "does not hold", text, text}},
                                       {{text, text, text, text, text}}));
    EXPECT_TRUE(store_.finish_run(run, "done", "2026-01-31T13:00:00Z"));
  }

  Site open(bool live = false) {
    SiteOptions options;
    options.db = file();
    options.live = live;
    options.charts = true;
    options.made = hostile;
    options.read_config = [](const std::string& text, const std::string&) {
      compare::FinalConfig config;
      config.values[text] = text;
      return config;
    };
    return Site::open(options, shipped()).value();
  }

  std::string page(Site& site, const std::string& path, const Values& query = {}) {
    auto made = site.page(path, query);
    EXPECT_TRUE(made) << path << ": " << (made ? "" : to_string(made.error()));
    if (!made || !*made) return {};
    return **made;
  }

  store::Store store_;
  std::string console_, output_;
};

std::vector<std::string> all_outcomes() {
  std::vector<std::string> words;
  for (const auto& look : outcome_looks) words.emplace_back(look.word);
  return words;
}

/// What must not be in a page, whatever the store has.
void expect_harmless(const std::string& path, const std::string& text) {
  for (const char* bad : {"<script>", "<img", "</script></pre>", "onerror=alert(2)>", "\x1b",
                          "\u202E", "\" onmouseover=\"", "href=\"javascript:", "style=\"",
                          "onclick=", "src=\"http", "href=\"http"})
    EXPECT_EQ(text.find(bad), std::string::npos) << path << " has " << bad;
  EXPECT_NE(text.find("Content-Security-Policy\" content=\"default-src &#39;none&#39;"),
            std::string::npos)
      << path;
  EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST_F(SiteTest, NoPageLetsHostileTextBecomeMarkup) {
  add_run(hostile, all_outcomes());
  add_run(hostile, {"passed", "failed"});
  auto site = open();
  const auto paths = site.paths();
  EXPECT_GT(paths.size(), 40U);
  for (const auto& path : paths) {
    EXPECT_EQ(path.find(".."), std::string::npos);
    const auto text = page(site, path);
    EXPECT_FALSE(text.empty()) << path;
    expect_harmless(path, text);
  }
}

TEST_F(SiteTest, NoLivePageEither) {
  add_run(hostile, {"failed"});
  auto site = open(true);
  for (const char* path : {"index.html", "run/1.html", "cell/1.html", "result/1.html",
                           "kernel/1.html", "d/nightly.html", "d/matrix.html", "d/case.html"})
    expect_harmless(path, page(site, path));
  expect_harmless("case", page(site, "d/case.html", {{"suite", hostile}, {"case_name", hostile}}));
  expect_harmless("matrix", page(site, "d/matrix.html", {{"run", hostile}}));
}

TEST_F(SiteTest, OnlyPathsOfPagesArePages) {
  add_run("x", {"failed"});
  auto site = open(true);
  for (const char* path : {"", "run/0.html", "run/-1.html", "run/1", "run/1.html/x", "run/99.html",
                           "../etc/passwd", "d/none.html", "cell/x.html", "result/1.html.html"})
    EXPECT_FALSE(site.page(path).value()) << path;
}

/// The addresses in a page, without what follows '#'.
std::set<std::string> links_in(const std::string& text) {
  std::set<std::string> links;
  for (std::size_t at = 0; (at = text.find("href=\"", at)) != std::string::npos;) {
    at += 6;
    const auto end = text.find_first_of("\"#", at);
    if (end != at) links.insert(text.substr(at, end - at));
  }
  return links;
}

TEST_F(SiteTest, EveryLinkLeadsToAPage) {
  add_run("plain", all_outcomes());
  add_run("plain", {"passed", "crashed"});
  auto site = open();
  std::set<std::string> known{"style.css", "icon.svg"};
  for (const auto& path : site.paths()) known.insert(path);
  for (const auto& path : site.paths())
    for (const auto& link : links_in(page(site, path)))
      EXPECT_TRUE(known.contains((fs::path(path).parent_path() / link).lexically_normal().string()))
          << path << " -> " << link;
}

TEST_F(SiteTest, AFailureLeadsToItsLine) {
  add_run("plain", {"failed"});
  auto site = open();
  const auto run = page(site, "run/1.html");
  EXPECT_NE(run.find("result/1.html#hit"), std::string::npos);
  const auto result = page(site, "result/1.html");
  EXPECT_NE(result.find("id=\"hit\">"), std::string::npos);
  EXPECT_NE(result.find("kmatrix bundle 1 "), std::string::npos);
  EXPECT_NE(result.find("kmatrix replay case.kmatrix"), std::string::npos);
  EXPECT_NE(result.find("kmatrix shell 1 "), std::string::npos);
}

TEST_F(SiteTest, WhatPassedIsARowOfItsCell) {
  add_run("plain", {"passed"});
  auto site = open();
  for (const auto& path : site.paths()) EXPECT_FALSE(path.starts_with("result/"));
  EXPECT_NE(page(site, "cell/1.html").find("id=\"r1\""), std::string::npos);
}

TEST_F(SiteTest, OlderRunsAreLeftOutAndNotLinked) {
  add_run("plain", {"failed"});
  add_run("plain", {"failed"});
  SiteOptions options;
  options.db = file();
  options.runs = 1;
  auto site = Site::open(options, shipped()).value();
  for (const auto& path : site.paths()) {
    EXPECT_EQ(page(site, path).find("run/1.html"), std::string::npos) << path;
    EXPECT_NE(path, "run/1.html");
  }
}

TEST_F(SiteTest, AnEmptyStoreHasPages) {
  auto site = open();
  for (const auto& path : site.paths()) EXPECT_FALSE(page(site, path).empty()) << path;
}

TEST_F(SiteTest, AQueryThatFailsIsSaidInItsPanel) {
  add_run("plain", {"passed"});
  auto read = parse_dashboard(
      "title: Mine\npanels:\n  - title: P\n    query: SELECT json('{') AS a\n", "mine.yaml");
  SiteOptions options;
  options.db = file();
  auto site = Site::open(options, {read.dashboard}).value();
  EXPECT_NE(page(site, "d/mine.html").find("This panel cannot be shown"), std::string::npos);
}

class PublishTest : public SiteTest {
 protected:
  Assets assets() const { return {fs::path(KMATRIX_SOURCE_DIR) / "dashboards/assets", {}}; }
};

TEST_F(PublishTest, WritesAllPagesAndReplacesAnEarlierSite) {
  add_run("plain", {"failed"});
  auto site = open();
  const auto out = file("site");
  const auto published = publish(site, assets(), out).value();
  EXPECT_EQ(published.pages, site.paths().size());
  for (const auto& path : site.paths()) EXPECT_TRUE(fs::exists(out / path)) << path;
  EXPECT_TRUE(fs::exists(out / "style.css"));
  EXPECT_TRUE(support::write_file(out / "run/99.html", "old"));
  ASSERT_TRUE(publish(site, assets(), out));
  EXPECT_FALSE(fs::exists(out / "run/99.html"));
}

TEST_F(PublishTest, LeavesAFolderWithSomethingElseAlone) {
  auto site = open();
  const auto out = file("home");
  ASSERT_TRUE(support::write_file(out / "precious", "x"));
  const auto published = publish(site, assets(), out);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().kind, ErrorKind::input);
  EXPECT_TRUE(fs::exists(out / "precious"));
}

}  // namespace
}  // namespace kmatrix::site
