// SPDX-License-Identifier: GPL-2.0-or-later
// What a new run learns from those before it.
#include <utility>

#include "store/rows.h"
#include "store/sql_text.h"
#include "store/state.h"
#include "store/store.h"

namespace kmatrix::store {

namespace {

/// The first row of a query, if there is one.
template <class Row>
Result<std::optional<Row>> first(Statement& statement, Row (*read)(Statement&)) {
  const auto row = statement.step();
  if (!row) return row.error();
  return *row ? std::optional<Row>(read(statement)) : std::nullopt;
}

Result<std::vector<TimeRow>> times(Connection& connection, std::string_view sql,
                                   const std::string& host) {
  Statement statement(connection, sql);
  statement.bind(":host", host);
  return all(statement, read_time);
}

}  // namespace

Result<std::optional<CellRow>> Store::reusable_cell(const std::string& cell_key,
                                                    const std::string& ignore_key) const {
  Statement statement(state_->connection, sql::reusable_cell);
  statement.bind(":cell_key", cell_key).bind(":ignore_key", ignore_key);
  return first(statement, read_cell);
}

Result<std::optional<LastCell>> Store::last_cell(const std::string& experiment,
                                                 const std::string& name, RunId before) const {
  Statement statement(state_->connection, sql::last_cell);
  statement.bind(":experiment", experiment).bind(":name", name).bind(":before", before.value);
  return first(statement, read_last_cell);
}

Result<std::optional<KernelRow>> Store::build_of(const std::string& kernel_key, RunId run) const {
  Statement statement(state_->connection, sql::build_of);
  statement.bind(":kernel_key", kernel_key).bind(":run", run.value);
  return first(statement, read_kernel);
}

Result<double> Store::slowness(const std::string& host, const std::string& arch,
                               const std::string& accel, const std::string& config) const {
  Statement statement(state_->connection, sql::slowness);
  statement.bind(":host", host).bind(":arch", arch).bind(":accel", accel).bind(":config", config);
  const auto row = statement.step();
  if (!row) return row.error();
  return *row ? statement.real() : 0;
}

Result<std::vector<TimeRow>> Store::kernel_times(const std::string& host) const {
  return times(state_->connection, sql::kernel_times, host);
}

Result<std::vector<TimeRow>> Store::selftests_times(const std::string& host) const {
  return times(state_->connection, sql::selftests_times, host);
}

Result<std::vector<TimeRow>> Store::cell_times(const std::string& host) const {
  return times(state_->connection, sql::cell_times, host);
}

Result<std::map<std::string, double>> Store::case_times(const std::string& host,
                                                        const std::string& cell,
                                                        const std::string& machine,
                                                        const std::string& suite) const {
  Statement statement(state_->connection, sql::case_times);
  statement.bind(":host", host);
  statement.bind(":name", cell);
  statement.bind(":machine", machine);
  statement.bind(":suite", suite);
  using Row = std::pair<std::string, double>;
  const auto rows = all<Row>(statement, [](Statement& row) {
    std::string name = row.text();
    return Row(std::move(name), row.real());
  });
  if (!rows) return rows.error();
  return std::map<std::string, double>(rows->begin(), rows->end());
}

}  // namespace kmatrix::store
