// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/store.h"

#include <fmt/format.h>

#include <utility>

#include "store/open.h"
#include "store/rows.h"
#include "store/sql_text.h"
#include "store/state.h"
#include "support/digest.h"

namespace kmatrix::store {

namespace {

Error no_such_run(const Connection& connection, RunId id) {
  return support::input_error(
      fmt::format("no run {} in the results database {}", id.value, connection.name()), {},
      "`kmatrix runs` lists them");
}

/// All rows of a query that has the run as its one parameter.
template <class Row>
Result<std::vector<Row>> all_of_run(Connection& connection, std::string_view sql, RunId run,
                                    Row (*read)(Statement&)) {
  Statement statement(connection, sql);
  statement.bind(":run", run.value);
  return all(statement, read);
}

/// Adds a text that many rows share, unless it is there; returns its digest.
Result<std::string> add_shared(Connection& connection, std::string_view sql,
                               const std::string& text) {
  if (text.empty()) return std::string();
  const std::string digest = support::digest_of(text).hex;
  KMATRIX_TRY(Statement(connection, sql).bind(":digest", digest).bind(":text", text).run());
  return digest;
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& file) {
  auto connection = open_newest(file);
  if (!connection) return connection.error();
  return Store(std::make_unique<State>(State{std::move(*connection)}));
}

Result<Store> Store::open_existing(const std::filesystem::path& file) {
  KMATRIX_TRY(check_is_there(file));
  return open(file);
}

Result<Store> Store::open_to_read(const std::filesystem::path& file) {
  auto connection = open_newest_to_read(file);
  if (!connection) return connection.error();
  return Store(std::make_unique<State>(State{std::move(*connection)}));
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<RunId> Store::add_run(const RunRow& row, const std::function<Status(RunId)>& claim) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  const std::string digest = row.experiment_digest.empty()
                                 ? support::digest_of(row.experiment_text).hex
                                 : row.experiment_digest;
  KMATRIX_TRY(Statement(state_->connection, sql::add_experiment)
                  .bind(":digest", digest)
                  .bind(":name", row.experiment)
                  .bind(":file", row.experiment_file)
                  .bind(":text", row.experiment_text)
                  .run());
  const auto id = Statement(state_->connection, sql::add_run)
                      .bind(":digest", digest)
                      .bind(":name", row.experiment)
                      .bind(":file", row.experiment_file)
                      .bind(":started", row.started)
                      .bind(":finished", row.finished)
                      .bind(":state", row.state)
                      .bind(":host", row.host)
                      .bind(":kmatrix_version", row.kmatrix_version)
                      .bind(":folder", row.folder)
                      .bind(":selection", row.selection)
                      .bind(":rerun_of", row.rerun_of.value)
                      .only_integer();
  if (!id) return id.error();
  if (claim) KMATRIX_TRY(claim(RunId{*id}));
  KMATRIX_TRY(transaction->commit());
  return RunId{*id};
}

Status Store::finish_run(RunId run, const std::string& state, const std::string& finished) {
  Statement statement(state_->connection, sql::finish_run);
  statement.bind(":run", run.value).bind(":state", state).bind(":finished", finished);
  const auto row = statement.step();
  if (!row) return row.error();
  if (!*row) return no_such_run(state_->connection, run);
  return statement.run();
}

Status Store::set_exit_code(RunId run, int code) {
  Statement statement(state_->connection, sql::set_exit_code);
  statement.bind(":run", run.value).bind(":exit_code", code);
  return statement.run();
}

Result<std::int64_t> Store::put_kernel(const KernelRow& row) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  const auto config = add_shared(state_->connection, sql::add_kernel_config, row.config_text);
  if (!config) return config.error();
  const auto requests = add_shared(state_->connection, sql::add_config_request, row.requests);
  if (!requests) return requests.error();
  auto id = Statement(state_->connection, sql::put_kernel)
                .bind(":run", row.run.value)
                .bind(":name", row.name)
                .bind(":tree", row.tree)
                .bind(":series", row.series)
                .bind(":config", row.config)
                .bind(":arch", row.arch)
                .bind(":tree_description", row.tree_description)
                .bind(":tree_digest", row.tree_digest)
                .bind(":series_digest", row.series_digest)
                .bind(":compiler", row.compiler)
                .bind(":recipe_key", row.recipe_key)
                .bind(":kernel_key", row.kernel_key)
                .bind(":config_digest", *config)
                .bind(":request_digest", *requests)
                .bind(":why", row.why)
                .bind(":state", row.state)
                .bind(":first_error", row.first_error)
                .bind(":log", row.log)
                .bind(":release", row.release)
                .bind(":objects", row.objects)
                .bind(":seconds", row.seconds)
                .bind(":series_description", row.series_description)
                .bind(":signature", row.signature)
                .only_integer();
  if (!id) return id;
  KMATRIX_TRY(transaction->commit());
  return id;
}

Status Store::put_selftests(const SelftestsRow& row) {
  return Statement(state_->connection, sql::put_selftests)
      .bind(":run", row.run.value)
      .bind(":kernel", row.kernel)
      .bind(":suite", row.suite)
      .bind(":state", row.state)
      .bind(":first_error", row.first_error)
      .bind(":log", row.log)
      .bind(":seconds", row.seconds)
      .run();
}

Result<std::int64_t> Store::put_cell(const CellRow& row) {
  return Statement(state_->connection, sql::put_cell)
      .bind(":run", row.run.value)
      .bind(":kernel", row.kernel)
      .bind(":name", row.name)
      .bind(":machine", row.machine)
      .bind(":suite", row.suite)
      .bind(":state", row.state)
      .bind(":reason", row.reason)
      .bind(":explanation", row.explanation)
      .bind(":command_line", row.command_line)
      .bind(":machine_xml", row.machine_xml)
      .bind(":folder", row.folder)
      .bind(":boot_seconds", row.boot_seconds)
      .bind(":seconds", row.seconds)
      .bind(":expect_unavailable", row.expect_unavailable)
      .bind(":cell_key", row.cell_key)
      .bind(":reused_run", row.reused_run.value)
      .bind(":why", row.why)
      .bind(":inputs", row.inputs)
      .bind(":accel", row.accel)
      .bind(":accel_reason", row.accel_reason)
      .bind(":slowness", row.slowness)
      .bind(":notes", row.notes)
      .bind(":ignore_key", row.ignore_key)
      .bind(":identity", row.identity)
      .bind(":identical_to", row.identical_to)
      .only_integer();
}

Result<std::int64_t> Store::reuse_cell(const CellRow& row, std::int64_t from) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  auto id = put_cell(row);
  if (!id) return id;
  for (const auto query : {sql::copy_cases, sql::copy_reruns, sql::copy_incidents})
    KMATRIX_TRY(
        Statement(state_->connection, query).bind(":cell", *id).bind(":from_cell", from).run());
  KMATRIX_TRY(transaction->commit());
  return id;
}

Status Store::plan_cases(std::int64_t cell, const std::vector<std::string>& names) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  {
    Statement statement(state_->connection, sql::plan_case);
    for (const auto& name : names)
      KMATRIX_TRY(statement.again().bind(":cell", cell).bind(":name", name).run());
  }
  return transaction->commit();
}

Statement& bind_case(Statement& statement, const CaseRow& row) {
  return statement.bind(":cell", row.cell)
      .bind(":name", row.name)
      .bind(":outcome", row.outcome)
      .bind(":raw", row.raw)
      .bind(":message", row.message)
      .bind(":errno", row.error)
      .bind(":seconds", row.seconds)
      .bind(":boot", row.boot)
      .bind(":first_line", row.first_line)
      .bind(":last_line", row.last_line)
      .bind(":output", row.output)
      .bind(":argv", row.argv);
}

Result<std::int64_t> Store::put_case(const CaseRow& row) {
  Statement statement(state_->connection, sql::put_case);
  return bind_case(statement, row).only_integer();
}

Status Store::put_cases(const std::vector<CaseRow>& rows) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  {
    Statement statement(state_->connection, sql::put_cases);
    for (const auto& row : rows)
      KMATRIX_TRY(statement.again()
                      .next(row.cell)
                      .next(row.name)
                      .next(row.outcome)
                      .next(row.raw)
                      .next(row.message)
                      .next(row.error)
                      .next(row.seconds)
                      .next(row.boot)
                      .next(row.first_line)
                      .next(row.last_line)
                      .next(row.output)
                      .next(row.argv)
                      .run());
  }
  return transaction->commit();
}

Result<std::int64_t> Store::add_incident(const IncidentRow& row) {
  return Statement(state_->connection, sql::add_incident)
      .bind(":cell", row.cell)
      .bind(":case_name", row.case_name)
      .bind(":kind", row.kind)
      .bind(":title", row.title)
      .bind(":text", row.text)
      .bind(":boot", row.boot)
      .bind(":first_line", row.first_line)
      .bind(":cfi_caller", row.cfi_caller)
      .bind(":cfi_target", row.cfi_target)
      .bind(":cfi_expected_type", row.cfi_expected_type)
      .bind(":ignored", row.ignored)
      .only_integer();
}

Status Store::restart_cell(std::int64_t cell, bool all) {
  auto transaction = Transaction::begin(state_->connection);
  if (!transaction) return transaction.error();
  for (const auto query : {sql::drop_incidents, sql::drop_cases})
    KMATRIX_TRY(Statement(state_->connection, query).bind(":cell", cell).bind(":all", all).run());
  return transaction->commit();
}

Result<std::int64_t> Store::add_effort(const EffortRow& row) {
  return Statement(state_->connection, sql::add_effort)
      .bind(":run", row.run.value)
      .bind(":started", row.started)
      .bind(":wall_seconds", row.wall_seconds)
      .bind(":cpu_seconds", row.cpu_seconds)
      .bind(":cores", row.cores)
      .bind(":critical_seconds", row.critical_seconds)
      .bind(":critical_path", row.critical_path)
      .only_integer();
}

Result<std::int64_t> Store::data_version() const {
  return state_->connection.integer("PRAGMA data_version");
}

Result<std::vector<RunRow>> Store::runs() const {
  Statement statement(state_->connection, sql::runs);
  return all(statement, read_run);
}

Result<RunRow> Store::run(RunId id) const {
  auto rows = all_of_run(state_->connection, sql::run, id, read_run);
  if (!rows) return rows.error();
  if (rows->empty()) return no_such_run(state_->connection, id);
  return std::move(rows->front());
}

Result<RunRow> Store::latest_run() const {
  // SQLite's max() of no rows is NULL, which reads as 0, and 0 is no run.
  const auto newest = state_->connection.integer(sql::latest_run);
  if (!newest) return newest.error();
  if (*newest == 0)
    return support::input_error(
        fmt::format("no runs yet in the results database {}", state_->connection.name()), {},
        "`kmatrix run EXPERIMENT.yaml` makes one");
  return run(RunId{*newest});
}

Result<std::vector<KernelRow>> Store::kernels(RunId run) const {
  return all_of_run(state_->connection, sql::kernels, run, read_kernel);
}

Result<std::vector<SelftestsRow>> Store::selftests(RunId run) const {
  return all_of_run(state_->connection, sql::selftests, run, read_selftests);
}

Result<std::vector<CellRow>> Store::cells(RunId run) const {
  return all_of_run(state_->connection, sql::cells, run, read_cell);
}

Result<std::vector<CaseRow>> Store::cases(RunId run) const {
  return all_of_run(state_->connection, sql::cases, run, read_case);
}

Result<std::vector<IncidentRow>> Store::incidents(RunId run) const {
  return all_of_run(state_->connection, sql::incidents, run, read_incident);
}

Result<std::vector<EffortRow>> Store::efforts(RunId run) const {
  return all_of_run(state_->connection, sql::efforts, run, read_effort);
}

}  // namespace kmatrix::store
