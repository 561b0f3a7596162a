// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/boot_suite.h"

#include <fmt/format.h>

#include "suite/selection.h"

namespace kmatrix::suite {
namespace {

class BootSuite : public Suite {
 public:
  explicit BootSuite(std::chrono::seconds timeout) {
    Case only;
    only.name = "boot";
    only.argv = {"/bin/uname", "-a"};
    only.timeout = timeout;
    cases_.push_back(std::move(only));
  }

  std::vector<Needed> needed() const override { return {}; }
  const std::vector<Case>& cases() const override { return cases_; }

  std::vector<Judged> judge(const Case& which, const Finished& finished) const override {
    using plan::Outcome;
    if (finished.timed_out) return {{which.name, Outcome::timed_out, "", "uname did not end"}};
    if (finished.code == 0) return {{which.name, Outcome::passed, "0", ""}};
    return {{which.name, Outcome::failed, std::to_string(finished.code),
             fmt::format("uname ended with exit code {}", finished.code)}};
  }

 private:
  std::vector<Case> cases_;
};

}  // namespace

Result<std::unique_ptr<Suite>> make_boot_suite(const spec::Suite& spec) {
  if (auto names = selected(spec, {"boot"}); !names) return names.error();
  return std::unique_ptr<Suite>(std::make_unique<BootSuite>(spec.case_timeout));
}

}  // namespace kmatrix::suite
