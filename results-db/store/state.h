// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

// What the parts of the store's implementation share.
namespace kmatrix::store {

struct Store::State {
  Connection connection;
};

/// All rows of a query, each made by `read`.
template <class Row>
Result<std::vector<Row>> all(Statement& statement, Row (*read)(Statement&)) {
  std::vector<Row> rows;
  while (true) {
    const auto row = statement.step();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back(read(statement));
  }
}

/// Binds all columns of a case.
Statement& bind_case(Statement& statement, const CaseRow& row);

}  // namespace kmatrix::store
