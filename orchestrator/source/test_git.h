// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "source/test_sources.h"
#include "support/process.h"
#include "support/text.h"

namespace kmatrix::source::testing {

/// A real git repository, made by real git, which knows no configuration of the machine.
class TestRepository {
 public:
  explicit TestRepository(fs::path folder) : folder_(std::move(folder)) {
    EXPECT_TRUE(support::make_folders(folder_));
    git({"init", "--quiet", "--initial-branch=main"});
  }

  const fs::path& folder() const { return folder_; }
  std::string name() const { return folder_.string(); }

  /// What git printed, without the end of the line.
  std::string git(const std::vector<std::string>& arguments) {
    support::Command command;
    command.argv = {"git", "-c", "protocol.file.allow=always"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.cwd = folder_;
    command.env = {{"PATH", "/usr/bin:/bin"},
                   {"GIT_CONFIG_GLOBAL", "/dev/null"},
                   {"GIT_CONFIG_NOSYSTEM", "1"},
                   {"GIT_AUTHOR_NAME", "A"},
                   {"GIT_AUTHOR_EMAIL", "a@b.c"},
                   {"GIT_COMMITTER_NAME", "A"},
                   {"GIT_COMMITTER_EMAIL", "a@b.c"},
                   {"GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"},
                   {"GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"}};
    const auto exit = runner_.run(command);
    EXPECT_TRUE(exit);
    EXPECT_TRUE(exit->good()) << exit->output;
    return std::string(support::trim(exit->output));
  }

  void write(const std::string& name, const std::string& content) {
    EXPECT_TRUE(support::write_file(folder_ / name, content));
  }

  /// Commits whatever is there; returns the commit's name.
  std::string commit(const std::string& message) {
    git({"add", "--all", "--force"});
    git({"commit", "--quiet", "--allow-empty", "--message", message});
    return git({"rev-parse", "HEAD"});
  }
  std::string change(const std::string& name, const std::string& content) {
    write(name, content);
    return commit("change " + name);
  }

 private:
  fs::path folder_;
  support::BoostProcessRunner runner_;
};

/// A repository with a small kernel on `main`, tagged v6.12.
class GitTest : public SourceTest {
 protected:
  GitTest() : repository_(folder_ / "linux") {
    make_kernel_tree(repository_.folder());
    repository_.commit("Linux 6.12");
    repository_.git({"tag", "--annotate", "--message=v", "v6.12"});
  }

  TestRepository repository_;
  support::BoostProcessRunner runner_;
};

}  // namespace kmatrix::source::testing
