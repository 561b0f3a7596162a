// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/rows.h"
#include "store/sql_text.h"
#include "store/state.h"

namespace kmatrix::store {

namespace {

ClaimRow read_claim(Statement& row) {
  ClaimRow claim;
  claim.text = row.text();
  claim.place = row.text();
  claim.state = row.text();
  claim.basis = row.text();
  claim.evidence = row.text();
  return claim;
}

VerdictRow read_verdict(Statement& row) {
  VerdictRow verdict;
  verdict.suite = row.text();
  verdict.case_name = row.text();
  verdict.verdict = row.text();
  verdict.where = row.text();
  verdict.counts = row.text();
  return verdict;
}

}  // namespace

Status Store::put_conclusions(RunId run, const std::vector<ClaimRow>& claims,
                              const std::vector<VerdictRow>& verdicts) {
  auto& connection = state_->connection;
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  for (const auto query : {sql::drop_claims, sql::drop_verdicts})
    KMATRIX_TRY(Statement(connection, query).bind(":run", run.value).run());
  for (std::size_t i = 0; i < claims.size(); ++i)
    KMATRIX_TRY(Statement(connection, sql::add_claim)
                    .bind(":run", run.value)
                    .bind(":position", static_cast<std::int64_t>(i))
                    .bind(":text", claims[i].text)
                    .bind(":place", claims[i].place)
                    .bind(":state", claims[i].state)
                    .bind(":basis", claims[i].basis)
                    .bind(":evidence", claims[i].evidence)
                    .run());
  for (const auto& row : verdicts)
    KMATRIX_TRY(Statement(connection, sql::add_verdict)
                    .bind(":run", run.value)
                    .bind(":suite", row.suite)
                    .bind(":case_name", row.case_name)
                    .bind(":verdict", row.verdict)
                    .bind(":scope", row.where)
                    .bind(":counts", row.counts)
                    .run());
  return transaction->commit();
}

Result<std::vector<ClaimRow>> Store::claims(RunId run) const {
  Statement statement(state_->connection, sql::claims);
  statement.bind(":run", run.value);
  return all(statement, read_claim);
}

Result<std::vector<VerdictRow>> Store::verdicts(RunId run) const {
  Statement statement(state_->connection, sql::verdicts);
  statement.bind(":run", run.value);
  return all(statement, read_verdict);
}

Status Store::add_rerun(const CaseRow& row) {
  Statement statement(state_->connection, sql::add_rerun);
  return bind_case(statement, row).run();
}

Result<std::vector<CaseRow>> Store::reruns(RunId run) const {
  Statement statement(state_->connection, sql::reruns);
  statement.bind(":run", run.value);
  return all(statement, read_case);
}

}  // namespace kmatrix::store
