// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "run/observer.h"

namespace kmatrix::cli {

/// Hands everything to several observers in turn; the first Error wins.
class Observers : public run::RunObserver {
 public:
  explicit Observers(std::vector<run::RunObserver*> all) : all_(std::move(all)) {}

  Status kernel_prepared(const run::KernelRecord& record) override {
    return each([&](auto& o) { return o.kernel_prepared(record); });
  }
  Status kernel_started(std::size_t kernel) override {
    return each([&](auto& o) { return o.kernel_started(kernel); });
  }
  Status kernel_progress(std::size_t kernel, build::BuildProgress progress) override {
    return each([&](auto& o) { return o.kernel_progress(kernel, progress); });
  }
  Status kernel_finished(const run::KernelResult& result) override {
    return each([&](auto& o) { return o.kernel_finished(result); });
  }
  Status selftests_started(const run::SelftestsRecord& record) override {
    return each([&](auto& o) { return o.selftests_started(record); });
  }
  Status selftests_progress(const run::SelftestsRecord& record,
                            build::BuildProgress progress) override {
    return each([&](auto& o) { return o.selftests_progress(record, progress); });
  }
  Status selftests_finished(const run::SelftestsRecord& record) override {
    return each([&](auto& o) { return o.selftests_finished(record); });
  }
  Status cell_started(std::size_t cell) override {
    return each([&](auto& o) { return o.cell_started(cell); });
  }
  Status cases_planned(std::size_t cell, const std::vector<std::string>& names) override {
    return each([&](auto& o) { return o.cases_planned(cell, names); });
  }
  Status case_started(std::size_t cell, const std::string& name) override {
    return each([&](auto& o) { return o.case_started(cell, name); });
  }
  Status case_finished(const run::CaseRecord& record) override {
    return each([&](auto& o) { return o.case_finished(record); });
  }
  Status incident(const run::IncidentRecord& record) override {
    return each([&](auto& o) { return o.incident(record); });
  }
  Status cell_finished(const run::CellRecord& record) override {
    return each([&](auto& o) { return o.cell_finished(record); });
  }
  Status cell_postponed(std::size_t cell) override {
    return each([&](auto& o) { return o.cell_postponed(cell); });
  }
  Status cell_reused(std::size_t cell) override {
    return each([&](auto& o) { return o.cell_reused(cell); });
  }
  Status left(support::Seconds left) override {
    return each([&](auto& o) { return o.left(left); });
  }
  Status spent(const run::Effort& effort) override {
    return each([&](auto& o) { return o.spent(effort); });
  }
  Status note(const std::string& text) override {
    return each([&](auto& o) { return o.note(text); });
  }

 private:
  template <class Call>
  Status each(const Call& call) {
    for (auto* observer : all_) KMATRIX_TRY(call(*observer));
    return {};
  }
  std::vector<run::RunObserver*> all_;
};

}  // namespace kmatrix::cli
