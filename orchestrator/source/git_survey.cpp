// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_survey.h"

#include <fmt/format.h>

#include <system_error>

#include "source/git_repository.h"
#include "support/text.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

class Survey {
 public:
  Survey(fs::path folder, Location at, GitProcess git)
      : folder_(std::move(folder)), at_(std::move(at)), git_(std::move(git)) {}

  Result<GitSurvey> make(const std::string& range) {
    KMATRIX_TRY(find_top());
    auto repository = GitRepository::open(result_.top, result_.top.string(), at_, git_);
    if (!repository) return repository.error();
    auto wanted = range.empty() ? default_range() : spec::split_range(range);
    if (wanted.from.empty()) return no_range(range);
    wanted.range_at = at_;
    auto patches = repository->patches(wanted);
    if (!patches) return patches.error();
    for (const auto& patch : *patches) result_.titles.push_back(patch.title);
    KMATRIX_TRY(name_ends(wanted));
    return std::move(result_);
  }

 private:
  /// The first line of what git says; "" if it fails.
  std::string ask(const std::vector<std::string>& arguments) {
    const auto exit = git_.in_folder(folder_, arguments);
    if (!exit || !exit->good()) return "";
    const auto lines = support::split_lines(exit->output);
    return lines.empty() ? "" : lines.back();
  }

  Status find_top() {
    auto exit = git_.in_folder(folder_, {"rev-parse", "--show-toplevel"});
    if (!exit) return exit.error();
    const auto lines = support::split_lines(exit->output);
    if (exit->good() && !lines.empty()) {
      result_.top = lines.back();
      return {};
    }
    // A bare repository has no top; what else is wrong GitRepository::open says.
    std::error_code failure;
    const auto bare = ask({"rev-parse", "--absolute-git-dir"});
    result_.top = bare.empty() ? fs::canonical(folder_, failure) : fs::path(bare);
    if (failure) return support::input_error("there is no folder " + folder_.string(), at_);
    return {};
  }

  bool has_commits(const std::string& from) {
    const auto count = ask({"rev-list", "--count", "HEAD", "^" + from});
    return !count.empty() && count != "0";
  }

  spec::GitRange default_range() {
    const auto upstream = ask({"rev-parse", "--verify", "--symbolic-full-name", "@{upstream}"});
    if (!upstream.empty() && has_commits(upstream)) return range_from(upstream);
    const auto tag = ask({"describe", "--tags", "--abbrev=0", "HEAD"});
    if (!tag.empty() && has_commits(tag)) return range_from(tag);
    return {};
  }

  static spec::GitRange range_from(const std::string& from) { return {"", from, "HEAD", {}, {}}; }

  Error no_range(const std::string& range) const {
    if (!range.empty())
      return support::input_error(
          fmt::format("'{}' is not a range of commits", support::printable(range)), at_,
          "two revisions such as v6.12..topic are expected");
    return support::input_error(
        fmt::format("nobody can tell where a series begins in {}: HEAD has nothing that its "
                    "upstream branch or the last tag has not",
                    result_.top.string()),
        at_, "say it: --range FROM..TO");
  }

  /// The series begins where the two ends parted, for a branch may have gone on since.
  Status name_ends(const spec::GitRange& range) {
    result_.tip = range.to;
    if (range.to == "HEAD") result_.tip = ask({"symbolic-ref", "--short", "HEAD"});
    if (result_.tip.empty()) result_.tip = ask({"rev-parse", "--verify", "HEAD^{commit}"});
    const auto fork = ask({"merge-base", range.from, range.to});
    if (!is_object_name(fork))
      return support::input_error(
          fmt::format("{} and {} have no history in common", range.from, range.to), at_);
    const auto tag = ask({"describe", "--tags", "--exact-match", fork});
    result_.base = tag.empty() ? fork : tag;
    result_.base_name = tag.empty() ? ask({"describe", "--tags", "--abbrev=12", fork}) : tag;
    if (result_.base_name.empty()) result_.base_name = fork.substr(0, 12);
    return {};
  }

  fs::path folder_;
  Location at_;
  GitProcess git_;
  GitSurvey result_;
};

}  // namespace

Result<GitSurvey> survey(const fs::path& folder, const std::string& range, const Location& at,
                         GitProcess git) {
  return Survey(folder, at, std::move(git)).make(range);
}

}  // namespace kmatrix::source
