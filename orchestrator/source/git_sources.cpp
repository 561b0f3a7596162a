// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/git_sources.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "cache/wait_lock.h"
#include "support/digest.h"
#include "support/file.h"

namespace kmatrix::source {

namespace fs = std::filesystem;

namespace {

/// Marks a mirror whose first fetch came to its end; the URL for people is in it.
constexpr const char* complete_mark = "kmatrix-url";

bool is_there(const fs::path& path) {
  std::error_code missing;
  return fs::exists(path, missing);
}

Error fetch_failed(const std::string& url, const support::Exit& exit, const Location& at) {
  for (const char* words : {"does not appear to be a git repository", "not found", "does not exist",
                            "Repository not found"})
    if (exit.output.find(words) != std::string::npos)
      return support::input_error("there is no git repository " + url, at, git_words(exit.output));
  return support::infrastructure_error("cannot fetch " + url, git_words(exit.output));
}

}  // namespace

GitSources::GitSources(fs::path cache, support::ProcessRunner& runner,
                       std::function<void(std::string)> say, std::stop_token stop, bool refresh)
    : cache_(fs::absolute(cache).lexically_normal()),
      in_use_(cache_),
      runner_(runner),
      say_(say ? std::move(say) : [](const std::string&) {}),
      stop_(std::move(stop)),
      refresh_(refresh) {}

fs::path GitSources::mirror_of(const std::string& url) const {
  return cache_ / "git" / (support::digest_of(url).hex.substr(0, 16) + ".git");
}

Status GitSources::keep(const fs::path& mirror) {
  if (!kept_.insert(mirror).second) return {};
  KMATRIX_TRY(in_use_.share("git/" + mirror.filename().string()));
  std::error_code absent;
  fs::last_write_time(mirror, fs::file_time_type::clock::now(), absent);
  return {};
}

Result<std::optional<GitRepository>> GitSources::open(const std::string& repository,
                                                      const Location& at) {
  const bool is_url = spec::is_url(repository);
  const fs::path folder = is_url ? mirror_of(repository) : fs::path(repository);
  if (is_url) KMATRIX_TRY(keep(folder));
  if (is_url && !is_there(folder / complete_mark)) return std::optional<GitRepository>();
  auto opened = GitRepository::open(folder, repository, at, {runner_, stop_});
  if (!opened) return opened.error();
  return std::optional(std::move(*opened));
}

Status GitSources::fetch(const std::string& url, const std::string& revision, const Location& at) {
  const fs::path mirror = mirror_of(url);
  KMATRIX_TRY(keep(mirror));
  auto lock =
      cache::wait_for_lock(cache_ / "locks" / ("git-" + mirror.stem().string()), stop_,
                           [&] { say_("waiting for another kmatrix that fetches " + url); });
  if (!lock) return lock.error();
  GitProcess git(runner_, stop_);
  if (!is_there(mirror / "HEAD")) {
    KMATRIX_TRY(support::make_folders(mirror));
    auto made = git.with_network(mirror, {"init", "--quiet", "--bare", "--template="});
    if (!made) return made.error();
    if (!made->good())
      return support::infrastructure_error("cannot make a mirror of " + url,
                                           git_words(made->output));
  }
  const bool first = !is_there(mirror / complete_mark);
  say_(fmt::format("fetching {}{}", url, first ? " (once; a kernel's history takes long)" : ""));
  std::vector<std::string> arguments{"fetch", "--quiet", "--no-write-fetch-head", "--force"};
  if (revision.empty())
    arguments.insert(arguments.end(),
                     {"--prune", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"});
  else
    arguments.insert(arguments.end(), {url, revision});
  auto exit = git.with_network(mirror, arguments);
  if (!exit) return exit.error();
  if (!exit->good()) return fetch_failed(url, *exit, at);
  if (first) return support::write_file(mirror / complete_mark, url + "\n");
  return {};
}

Result<GitRepository> GitSources::open_fetched(const std::string& repository, const Location& at,
                                               bool refresh) {
  const bool is_url = spec::is_url(repository);
  const bool again = is_url && refresh && fetched_.count(repository) == 0;
  if (again || (is_url && !is_there(mirror_of(repository) / complete_mark))) {
    KMATRIX_TRY(fetch(repository, "", at));
    fetched_.insert(repository);
  }
  auto opened = open(repository, at);
  if (!opened) return opened.error();
  if (!*opened) return support::infrastructure_error("the mirror of " + repository + " is gone");
  return std::move(**opened);
}

Result<GitCommit> GitSources::resolve(const spec::GitOrigin& origin, bool refresh) {
  auto repository = open_fetched(origin.repository, origin.repository_at, refresh);
  if (!repository) return repository.error();
  auto commit = repository->resolve(origin.revision, origin.revision_at);
  if (commit || !spec::is_url(origin.repository) || commit.error().kind != ErrorKind::input)
    return commit;
  if (fetched_.insert(origin.repository).second)
    KMATRIX_TRY(fetch(origin.repository, "", origin.repository_at));
  commit = repository->resolve(origin.revision, origin.revision_at);
  // A commit that no branch has can still be asked for by its name, of most servers.
  if (commit || !is_object_name(origin.revision)) return commit;
  if (!fetch(origin.repository, origin.revision, origin.repository_at)) return commit;
  return repository->resolve(origin.revision, origin.revision_at);
}

std::optional<GitCommit> GitSources::resolve_cheaply(const spec::GitOrigin& origin) {
  auto repository = open(origin.repository, origin.repository_at);
  if (!repository || !*repository) return std::nullopt;
  auto commit = (*repository)->resolve(origin.revision, origin.revision_at);
  if (!commit) return std::nullopt;
  return *commit;
}

Status GitSources::check(const spec::GitOrigin& origin) {
  if (spec::is_url(origin.repository)) return {};
  auto commit = resolve(origin, false);
  if (!commit) return commit.error();
  return {};
}

Result<std::vector<spec::Patch>> GitSources::read_range(const spec::GitRange& range) {
  // Each end as a tree would be: so that what is not there is fetched.
  for (const auto& revision : {range.from, range.to}) {
    auto commit =
        resolve({range.repository, revision, range.repository_at, range.range_at}, refresh_);
    if (!commit) return commit.error();
  }
  auto repository = open_fetched(range.repository, range.repository_at, false);
  if (!repository) return repository.error();
  return repository->patches(range);
}

Status GitSources::unpack(const spec::GitOrigin& origin, const std::string& tree,
                          const fs::path& scratch, const fs::path& into, const Location& at) {
  auto repository = open_fetched(origin.repository, origin.repository_at, false);
  if (!repository) return repository.error();
  return repository->unpack(tree, scratch, into, at);
}

}  // namespace kmatrix::source
