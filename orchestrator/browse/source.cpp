// SPDX-License-Identifier: GPL-2.0-or-later
#include "browse/source.h"

#include <algorithm>

namespace kmatrix::browse {

Source::Source(store::Store store, std::function<void(store::RunRow&)> notice)
    : store_(std::move(store)), notice_(std::move(notice)) {}

Result<std::vector<store::RunRow>> Source::runs() {
  auto runs = store_.runs();
  if (!runs) return runs;
  going_on_.clear();
  for (auto& run : *runs) {
    notice_(run);
    if (run.state == "running") going_on_.push_back(run);
  }
  return runs;
}

Result<std::shared_ptr<const report::StoredRun>> Source::run(store::RunId id) {
  if (kept_ && kept_->run.id == id) return kept_;
  auto read = report::read_run(store_, id);
  if (!read) return read.error();
  notice_(read->run);
  if (read->run.state == "running") going_on_.push_back(read->run);
  kept_ = std::make_shared<const report::StoredRun>(std::move(*read));
  return kept_;
}

Result<bool> Source::has_changed() {
  const auto version = store_.data_version();
  if (!version) return version.error();
  bool changed = version_ && *version_ != *version;
  version_ = *version;
  // A process that is killed commits nothing.
  changed = std::any_of(going_on_.begin(), going_on_.end(),
                        [&](store::RunRow run) {
                          notice_(run);
                          return run.state != "running";
                        }) ||
            changed;
  if (changed) {
    kept_.reset();
    going_on_.clear();
  }
  return changed;
}

}  // namespace kmatrix::browse
