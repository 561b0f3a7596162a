// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/kselftest_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "suite/built.h"
#include "suite/ktap_judge.h"
#include "suite/ktap_line.h"
#include "suite/selection.h"
#include "support/file.h"
#include "support/text.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kselftest_folder = "/kmatrix/cell/kselftest";
constexpr std::uintmax_t largest_file = 4 << 20;
constexpr std::size_t most_built_tests = 20'000, longest_built_name = 200,
                      longest_built_line = 4096;
constexpr long longest_timeout = 86'400;

Error broken(const spec::Suite& spec, const std::string& what) {
  return support::infrastructure_error(
      fmt::format("suite '{}': its built selftests {}", spec.name, what));
}

/// The content of a small file of the build; "" if it is not there.
Result<std::string> read_small(const spec::Suite& spec, const fs::path& file) {
  std::error_code failure;
  if (!fs::is_regular_file(file, failure)) return std::string();
  if (fs::file_size(file, failure) > largest_file || failure)
    return broken(spec, fmt::format("have a file {} that is too large", file.filename().string()));
  return support::read_file(file);
}

bool is_part(std::string_view part) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7F && c != '/' && c != ':'; };
  return !part.empty() && part != "." && part != ".." &&
         std::all_of(part.begin(), part.end(), is_plain);
}

/// "COLLECTION:TEST": a collection may be a folder in a folder, a test is one name.
bool is_test(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == name.npos || name.size() > longest_built_name) return false;
  auto collection = name.substr(0, colon);
  for (auto slash = collection.find('/'); slash != collection.npos; slash = collection.find('/')) {
    if (!is_part(collection.substr(0, slash))) return false;
    collection.remove_prefix(slash + 1);
  }
  return is_part(collection) && is_part(name.substr(colon + 1));
}

Error bad_name(const spec::Suite& spec, std::string_view name) {
  return broken(spec, fmt::format("name a test '{}', which is not COLLECTION:TEST",
                                  one_line(name, longest_built_name)));
}

Result<std::vector<std::string>> read_list(const spec::Suite& spec, const fs::path& built) {
  const auto text = read_small(spec, built / "kselftest-list.txt");
  if (!text) return text.error();
  std::vector<std::string> names;
  std::set<std::string> known;
  for (const auto& line : support::split_lines(*text)) {
    const auto name = std::string(support::trim(line));
    if (name.empty() || !known.insert(name).second) continue;
    if (!is_test(name)) return bad_name(spec, name);
    if (names.size() == most_built_tests)
      return broken(spec, fmt::format("are more than {}", most_built_tests));
    names.push_back(name);
  }
  return names;
}

/// "timeout=N" of COLLECTION/settings; 0 (there it means: no deadline) without one.
std::chrono::seconds read_timeout(const fs::path& settings) {
  std::error_code failure;
  if (!fs::is_regular_file(settings, failure)) return {};
  std::ifstream file(settings);
  std::string text(longest_built_line, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  constexpr std::string_view key = "timeout=";
  std::chrono::seconds found{0};
  for (const auto& line : support::split_lines(text)) {
    if (!line.starts_with(key)) continue;
    const auto value = std::string(support::trim(line.substr(key.size())));
    const bool is_number = !value.empty() && value.size() <= 9 &&
                           value.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) found = std::chrono::seconds(std::min(std::stol(value), longest_timeout));
  }
  return found;
}

/// How to run `program`, which is called `path` in the guest; empty if it cannot be.
std::vector<std::string> command(const fs::path& program, const std::string& path) {
  std::ifstream file(program, std::ios::binary);
  std::string first(longest_built_line, '\0');
  file.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(file.gcount()));
  std::error_code failure;
  constexpr auto any_exec = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  const bool can_execute =
      (fs::status(program, failure).permissions() & any_exec) != fs::perms::none;
  const bool has_interpreter = first.starts_with("#!");
  if (can_execute) {
    if (has_interpreter || first.starts_with("\177ELF")) return {path};
    return {"/bin/sh", path};  // as execvp and the shell do it
  }
  if (!has_interpreter) return {};
  // As the kernel reads it: an interpreter, and at most one argument.
  const auto line = support::trim(std::string_view(first).substr(2, first.find('\n') - 2));
  const auto space = std::min(line.find_first_of(" \t"), line.size());
  std::vector<std::string> argv{std::string(line.substr(0, space))};
  const auto argument = support::trim(line.substr(space));
  if (!argument.empty()) argv.emplace_back(argument);
  argv.push_back(path);
  return line.starts_with('/') ? argv : std::vector<std::string>();
}

class KselftestSuite : public Suite {
 public:
  explicit KselftestSuite(fs::path built) : built_(std::move(built)) {}

  /// Makes a case of a test, or says why it has none.
  void add(const std::string& name, std::chrono::seconds timeout) {
    const auto colon = name.find(':');
    const auto collection = name.substr(0, colon);
    const auto test = name.substr(colon + 1);
    const auto program = built_ / collection / test;
    if (!is_inside(program)) return block(name, "it is in the list, but was not installed");
    Case each;
    each.name = name;
    each.cwd = fmt::format("{}/{}", kselftest_folder, collection);
    each.argv = command(program, each.cwd + "/" + test);
    if (each.argv.empty()) return block(name, "it is neither executable nor a script");
    each.timeout = std::max(timeout, read_timeout(built_ / collection / "settings"));
    // What kselftest's runner.sh exports and a test may want to know.
    each.env = {{"BASE_DIR", std::string(kselftest_folder)},
                {"kselftest_timeout", std::to_string(each.timeout.count())}};
    cases_.push_back(std::move(each));
  }

  void block(const std::string& name, const std::string& reason) {
    unbuilt_.push_back({name, reason});
  }

  std::vector<Needed> needed() const override { return {{built_, "kselftest"}}; }
  const std::vector<Case>& cases() const override { return cases_; }
  std::vector<Unbuilt> unbuilt() const override { return unbuilt_; }

  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    return judge_either(which.name, finished);
  }

 private:
  /// Is it a file of the build, also when links have been followed?
  bool is_inside(const fs::path& program) const {
    std::error_code failure;
    if (!fs::is_regular_file(program, failure)) return false;
    const auto real = fs::canonical(program, failure);
    const auto top = failure ? fs::path() : fs::canonical(built_, failure);
    return !failure &&
           std::mismatch(top.begin(), top.end(), real.begin(), real.end()).first == top.end();
  }

  fs::path built_;
  std::vector<Case> cases_;
  std::vector<Unbuilt> unbuilt_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_kselftest_suite(const spec::Suite& spec,
                                                    const fs::path& built) {
  std::error_code failure;
  if (built.empty() || !fs::is_directory(built, failure)) return broken(spec, "are not there");
  auto names = read_list(spec, built);
  if (!names) return names.error();
  const auto file = built / "blocked.json";
  const auto text = read_small(spec, file);
  if (!text) return text.error();
  const auto blocked = parse_blocked(text->empty() ? "{}" : *text, file, is_test);
  if (!blocked) return blocked.error();
  const std::set<std::string> listed(names->begin(), names->end());
  for (const auto& [name, reason] : *blocked)
    if (listed.count(name) == 0) names->push_back(name);
  if (names->empty()) return broken(spec, "are none");
  auto chosen = selected(spec, *names);
  if (!chosen) return chosen.error();
  auto suite = std::make_unique<KselftestSuite>(built);
  for (const auto& name : *chosen) {
    if (const auto reason = blocked->find(name); reason != blocked->end())
      suite->block(name, one_line(reason->second, 300));
    else
      suite->add(name, spec.case_timeout);
  }
  return std::unique_ptr<Suite>(std::move(suite));
}

Status check_kselftest(const spec::Suite& spec, const fs::path& source) {
  const auto folder = source / "tools/testing/selftests";
  std::vector<std::string> known;
  std::error_code failure;
  for (fs::directory_iterator walk(folder, failure), end; !failure && walk != end;
       walk.increment(failure))
    if (fs::exists(walk->path() / "Makefile", failure))
      known.push_back(walk->path().filename().string());
  for (const auto& target : spec.targets)
    if (!fs::exists(folder / target / "Makefile", failure))
      return support::input_error(
          fmt::format("suite '{}': the kernel tree has no tools/testing/selftests/{}", spec.name,
                      target),
          spec.at, support::did_you_mean(target, known));
  return {};
}

}  // namespace kmatrix::suite
