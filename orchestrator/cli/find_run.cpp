// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/find_run.h"

#include <charconv>

#include "cli/named.h"
#include "cli/run_lock.h"

namespace kmatrix::cli {

namespace {
std::string where(store::RunId run) { return "run " + std::to_string(run.value); }

Result<store::RunRow> look_up(const store::Store& store, const std::string& name) {
  if (name.empty() || name == "latest") return store.latest_run();
  store::RunId id;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), id.value);
  if (failure != std::errc() || end != name.data() + name.size()) {
    return support::input_error("'" + name + "' is not a run", {},
                                "a number of `kmatrix runs`, or latest");
  }
  return store.run(id);
}

}  // namespace

Result<store::RunRow> find_run(const store::Store& store, const std::string& name) {
  auto run = look_up(store, name);
  if (run) notice_interruption(*run);
  return run;
}

Result<store::CellRow> find_cell(const store::Store& store, store::RunId run,
                                 const std::string& name) {
  auto cells = store.cells(run);
  if (!cells) return cells.error();
  // Among several, the one that has something to show.
  return named(*cells, "cell", where(run), name,
               [](const store::CellRow& cell) { return !cell.folder.empty(); });
}

Result<store::KernelRow> find_kernel(const store::Store& store, store::RunId run,
                                     const std::string& name) {
  auto kernels = store.kernels(run);
  if (!kernels) return kernels.error();
  return named(*kernels, "kernel", where(run), name, [](const store::KernelRow&) { return false; });
}

Result<report::StoredRun> stored_run(const GlobalOptions& global, const std::string& name) {
  auto store = store::Store::open_to_read(global.db);
  if (!store) return store.error();
  const auto run = find_run(*store, name);
  if (!run) return run.error();
  auto stored = report::read_run(*store, run->id);
  if (stored) stored->run.state = run->state;
  return stored;
}

}  // namespace kmatrix::cli
