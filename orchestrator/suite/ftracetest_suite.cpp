// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/ftracetest_suite.h"

#include <fmt/format.h>
#include <algorithm>

#include "suite/ftracetest_output.h"
#include "suite/selection.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view guest_folder = "/kmatrix/cell/ftrace";

/// What ftracetest itself greps from a .tc file: "# description: TEXT", "# flags: instance".
void read_header(std::string_view content, TestFile& file) {
  constexpr std::string_view description = "description:", flags = "flags:";
  for (const auto& line : support::split_lines(content)) {
    std::string_view text = line;
    if (!text.starts_with("#")) continue;
    text = support::trim(text.substr(1));
    if (text.starts_with(description))
      file.description = support::trim(text.substr(description.size()));
    else if (text.starts_with(flags) && text.find("instance") != text.npos)
      file.has_instance_run = true;
  }
}

/// The names of all .tc files below `folder`, sorted.
Result<std::vector<std::string>> find_tests(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error))
    if (at->path().extension() == ".tc")
      names.push_back(at->path().lexically_relative(folder).generic_string());
  if (error)
    return support::infrastructure_error(
        fmt::format("cannot list {}: {}", folder.string(), error.message()));
  std::sort(names.begin(), names.end());
  return names;
}

class FtracetestSuite : public Suite {
 public:
  FtracetestSuite(fs::path folder, std::vector<TestFile> files, std::chrono::seconds timeout)
      : folder_(std::move(folder)), files_(std::move(files)) {
    for (const auto& file : files_) {
      Case each;
      each.name = file.name;
      each.argv = {fmt::format("{}/ftracetest", guest_folder), "-vv", "--logdir", "/tmp/ftracetest",
                   fmt::format("{}/test.d/{}", guest_folder, file.name)};
      each.cwd = guest_folder;
      each.timeout = timeout;
      cases_.push_back(std::move(each));
    }
  }

  std::vector<Needed> needed() const override { return {{folder_, "ftrace"}}; }
  const std::vector<Case>& cases() const override { return cases_; }

  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    const auto* file = spec::find(files_, which.name);
    return judge_ftracetest(file != nullptr ? *file : TestFile{which.name, "", false}, finished);
  }

 private:
  fs::path folder_;
  std::vector<TestFile> files_;
  std::vector<Case> cases_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_ftracetest_suite(const spec::Suite& spec,
                                                     const fs::path& source) {
  const auto folder = source / "tools" / "testing" / "selftests" / "ftrace";
  if (!fs::is_directory(folder / "test.d") || !fs::exists(folder / "ftracetest"))
    return support::input_error(
        fmt::format("suite '{}': the kernel tree has no ftracetest", spec.name), spec.at,
        "expected tools/testing/selftests/ftrace in the tree");
  auto names = find_tests(folder / "test.d");
  if (!names) return names.error();
  auto chosen = selected(spec, *names);
  if (!chosen) return chosen.error();
  std::vector<TestFile> files;
  for (const auto& name : *chosen) {
    auto content = support::read_file(folder / "test.d" / name);
    if (!content) return content.error();
    files.push_back({name, "", false});
    read_header(*content, files.back());
  }
  return std::unique_ptr<Suite>(
      std::make_unique<FtracetestSuite>(folder, std::move(files), spec.case_timeout));
}

}  // namespace kmatrix::suite
