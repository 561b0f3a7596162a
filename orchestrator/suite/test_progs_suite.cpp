// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/test_progs_suite.h"

#include <algorithm>

#include "plan/bpf_tests.h"
#include "spec/pattern.h"
#include "suite/built.h"
#include "suite/selection.h"
#include "suite/test_progs_output.h"
#include "support/file.h"

namespace kmatrix::suite {
namespace {

constexpr const char* bpf_folder = "/kmatrix/cell/bpf";

bool is_expression(const std::string& pattern) {
  return pattern.size() > 2 && pattern.starts_with('/') && pattern.ends_with('/');
}

/// Where the subtest begins in a pattern "TEST/SUBTEST".
std::size_t slash_of(const std::string& pattern) {
  return is_expression(pattern) ? std::string::npos : pattern.find('/');
}

/// The suite's selection of tests, with patterns of subtests as those of their tests.
spec::Suite of_tests(const spec::Suite& spec) {
  spec::Suite tests = spec;
  for (auto& pattern : tests.select) pattern = pattern.substr(0, slash_of(pattern));
  std::erase_if(tests.deny,
                [](const auto& pattern) { return slash_of(pattern) != std::string::npos; });
  return tests;
}

/// -a and -d for a test: by its exact name, or by the subtests that are chosen.
std::vector<std::string> filters(const spec::Suite& spec, const std::string& test) {
  std::vector<std::string> wanted, denied;
  bool whole = spec.select.empty();
  for (const auto& pattern : spec.select) {
    const auto slash = slash_of(pattern);
    if (!spec::matches_any({pattern.substr(0, slash)}, test)) continue;
    if (slash == std::string::npos)
      whole = true;
    else
      wanted.push_back(test + pattern.substr(slash));
  }
  if (whole) wanted = {test};
  for (const auto& pattern : spec.deny) {
    const auto slash = slash_of(pattern);
    if (slash != std::string::npos && spec::matches_any({pattern.substr(0, slash)}, test))
      denied.push_back(test + pattern.substr(slash));
  }
  std::vector<std::string> arguments;
  for (const auto& each : wanted) arguments.insert(arguments.end(), {"-a", each});
  for (const auto& each : denied) arguments.insert(arguments.end(), {"-d", each});
  return arguments;
}

class TestProgsSuite : public Suite {
 public:
  TestProgsSuite(const spec::Suite& spec, const std::vector<std::string>& tests,
                 const std::map<std::string, std::string>& reasons, const Places& places)
      : files_(places.built / "files"), script_(places.data / "images" / "guest" / "bpf-test") {
    for (const auto& test : tests) {
      if (const auto reason = reasons.find(test); reason != reasons.end()) {
        unbuilt_.push_back({test, "it could not be built: " + reason->second});
        continue;
      }
      Case each;
      each.name = test;
      each.argv = {"/kmatrix/cell/bin/bpf-test"};
      for (auto& argument : filters(spec, test)) each.argv.push_back(std::move(argument));
      each.cwd = bpf_folder;
      each.timeout = spec.case_timeout;
      cases_.push_back(std::move(each));
    }
  }

  std::vector<Needed> needed() const override {
    return {{files_, "bpf"}, {script_, "bin/bpf-test"}};
  }
  const std::vector<Case>& cases() const override { return cases_; }
  std::vector<Unbuilt> unbuilt() const override { return unbuilt_; }
  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    return judge_test_progs(which.name, finished);
  }

 private:
  std::filesystem::path files_, script_;
  std::vector<Case> cases_;
  std::vector<Unbuilt> unbuilt_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_test_progs_suite(const spec::Suite& spec,
                                                     const Places& places) {
  auto built = read_built(places.built);
  if (!built) return built.error();
  auto names = std::move(built->tests);
  for (const auto& [name, reason] : built->blocked) names.push_back(name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  auto tests = selected(of_tests(spec), names);
  if (!tests) return tests.error();
  return std::unique_ptr<Suite>(
      std::make_unique<TestProgsSuite>(spec, *tests, built->blocked, places));
}

Status check_test_progs(const spec::Suite& spec, const std::filesystem::path& source) {
  const auto folder = source / "tools/testing/selftests/bpf/prog_tests";
  std::vector<std::string> names;
  std::error_code failure;
  for (std::filesystem::directory_iterator walk(folder, failure), end; !failure && walk != end;
       walk.increment(failure)) {
    if (walk->path().extension() != ".c") continue;
    const auto text = support::read_file(walk->path());
    if (!text) return text.error();
    for (auto& name : plan::tests_in(*text)) names.push_back(std::move(name));
  }
  if (names.empty())
    return support::input_error("suite '" + spec.name + "': the kernel tree has no test_progs",
                                spec.at, "expected tools/testing/selftests/bpf in the tree");
  std::sort(names.begin(), names.end());
  const auto tests = selected(of_tests(spec), names);
  return tests ? Status() : Status(tests.error());
}

}  // namespace kmatrix::suite
