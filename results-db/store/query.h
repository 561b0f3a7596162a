// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/sqlite.h"
#include "support/result.h"

// Questions that are not known when kmatrix is built: those of dashboards.
namespace kmatrix::store {

/// A value of SQLite; monostate is NULL. Text is valid UTF-8.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// "" for NULL; whole numbers without a fraction.
std::string to_text(const Value& value);
double to_number(const Value& value);  ///< 0 for what is none

/// By name, without the ':'.
using Parameters = std::map<std::string, Value, std::less<>>;

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;
  bool cut = false;  ///< there were more rows than asked for
  /// The column's number; -1: there is none.
  int column(std::string_view name) const;
};

struct QueryLimits {
  std::size_t rows = 20'000;
  std::chrono::milliseconds time = std::chrono::seconds(10);
};

/// What is known of a query before it runs.
struct QueryShape {
  std::vector<std::string> columns, parameters;  ///< parameters without the ':'
  std::vector<std::string> tables;               ///< that it reads itself, not through a view
};

/// An input error in a query, and where.
struct QueryProblem {
  Error error;
  int offset = -1;  ///< byte in the query; -1: unknown
};

/// A results database that can only be read: for one thread at a time. The queries may be
/// anybody's.
class QueryConnection {
 public:
  /// The file must be there, with the newest schema (Store::open sees to that).
  static Result<QueryConnection> open(const std::filesystem::path& file);
  /// An empty database of the newest schema, to check queries against.
  static Result<QueryConnection> open_empty();

  /// Looks at a query without running it. One that writes, that is several, or that attaches
  /// something is a problem.
  Result<QueryShape> look_at(const std::string& query, QueryProblem* problem = nullptr);

  /// Runs a query. Parameters that it does not have are left aside, those that are not given are
  /// NULL. Past its time it is interrupted, which is an input error: the query is wrong, not we.
  Result<Rows> run(const std::string& query, const Parameters& parameters, QueryLimits limits = {});

  /// Changes whenever another connection commits.
  Result<std::int64_t> data_version();

 private:
  struct Watch;
  explicit QueryConnection(Connection connection, std::unique_ptr<Watch> watch);
  using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
  Result<sqlite3_stmt*> prepared(const std::string& query, QueryProblem* problem);

 public:
  QueryConnection(QueryConnection&&) noexcept;
  QueryConnection& operator=(QueryConnection&&) noexcept;
  ~QueryConnection();

 private:
  Connection connection_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace kmatrix::store
