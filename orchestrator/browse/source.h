// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "report/report.h"
#include "store/store.h"

namespace kmatrix::browse {

/// What there is to browse: a results database, read only, that another process may be writing to.
/// The run that was asked for last is kept until somebody commits.
class Source {
 public:
  /// `notice`: makes the state of a run whose process is gone `interrupted`.
  Source(store::Store store, std::function<void(store::RunRow&)> notice);

  Result<std::vector<store::RunRow>> runs();
  Result<std::shared_ptr<const report::StoredRun>> run(store::RunId id);
  /// Is anything else in there than when this was last asked?
  Result<bool> has_changed();
  const store::Store& store() const { return store_; }

 private:
  store::Store store_;
  std::function<void(store::RunRow&)> notice_;
  std::optional<std::int64_t> version_;
  std::shared_ptr<const report::StoredRun> kept_;
  std::vector<store::RunRow> going_on_;  ///< runs that were, when they were last looked at
};

}  // namespace kmatrix::browse
