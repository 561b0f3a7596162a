// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/script_suite.h"

#include <utility>

#include "suite/ktap_judge.h"
#include "suite/selection.h"

namespace kmatrix::suite {
namespace {

namespace fs = std::filesystem;

/// The name of a file or folder, also where it was written as "folder/".
std::string name_of(const fs::path& path) {
  return (path / "").lexically_normal().parent_path().filename().string();
}

class ScriptSuite : public Suite {
 public:
  ScriptSuite(const spec::Suite& spec, const std::vector<std::string>& names)
      : protocol_(spec.protocol) {
    for (const auto& file : spec.files) needed_.push_back({file, "files/" + name_of(file)});
    for (const auto& name : names) {
      Case each;
      each.name = name;
      each.argv = {"/bin/sh", "-c", spec::find(spec.cases, name)->command};
      each.cwd = needed_.empty() ? "/" : "/kmatrix/cell/files";
      each.timeout = spec.case_timeout;
      cases_.push_back(std::move(each));
    }
  }

  std::vector<Needed> needed() const override { return needed_; }
  const std::vector<Case>& cases() const override { return cases_; }

  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    switch (protocol_) {
      case spec::Protocol::exit:
        return judge_exit(which.name, finished);
      case spec::Protocol::ktap:
        return judge_ktap(which.name, finished);
      case spec::Protocol::automatic:
        break;
    }
    return judge_either(which.name, finished);
  }

 private:
  spec::Protocol protocol_;
  std::vector<Needed> needed_;
  std::vector<Case> cases_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_script_suite(const spec::Suite& spec) {
  std::vector<std::string> names;
  names.reserve(spec.cases.size());
  for (const auto& each : spec.cases) names.push_back(each.name);
  auto chosen = selected(spec, names);
  if (!chosen) return chosen.error();
  return std::unique_ptr<Suite>(std::make_unique<ScriptSuite>(spec, *chosen));
}

}  // namespace kmatrix::suite
