// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "support/result.h"

namespace kmatrix::store {

struct CloseConnection {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// A connection to a SQLite database, for one thread at a time. Errors name the database's path.
class Connection {
 public:
  /// Opens or creates the file (":memory:" for one in memory), for reading and writing. Other
  /// processes' locks are waited for as long as `patience` says.
  static Result<Connection> open(const std::filesystem::path& file,
                                 std::chrono::milliseconds patience = std::chrono::seconds(30));
  /// Opens a file that is there, for reading alone.
  static Result<Connection> open_to_read(const std::filesystem::path& file);

  /// Runs statements that have no parameters and give no rows.
  Status execute(std::string_view sql);
  /// First column of the first row.
  Result<std::int64_t> integer(std::string_view sql);

  /// The Error that a SQLite result code stands for.
  Error error(int code) const;
  /// Did the last call fail because of another's lock?
  bool is_busy() const { return (sqlite3_errcode(db_.get()) & 0xFF) == SQLITE_BUSY; }
  const std::string& name() const { return name_; }
  std::chrono::milliseconds patience() const { return patience_; }

 private:
  friend class Statement;
  friend class QueryConnection;
  Connection(std::unique_ptr<sqlite3, CloseConnection> db, std::string name,
             std::chrono::milliseconds patience)
      : db_(std::move(db)), name_(std::move(name)), patience_(patience) {}

  using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
  std::unique_ptr<sqlite3, CloseConnection> db_;
  std::map<std::string, Prepared, std::less<>> prepared_;  ///< freed before db_ closes
  std::string name_;
  std::chrono::milliseconds patience_;
};

/// One use of a statement, which its connection prepares once and keeps. The first thing that goes
/// wrong, in preparing or binding, is the Error of step().
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds a parameter by its name (":cell"). Text is made valid UTF-8 without NUL first.
  Statement& bind(const char* parameter, std::string_view text);
  Statement& bind(const char* parameter, double value);
  template <std::integral T>
  Statement& bind(const char* parameter, T value) {
    return bind_integer(parameter, static_cast<std::int64_t>(value));
  }

  /// Begins another use of the same statement, with nothing bound.
  Statement& again();
  /// Binds the next parameter by its number, from ?1. Text must live until again() or the end of
  /// the statement: it is copied only if it must be made valid first.
  Statement& next(const std::string& text);
  Statement& next(double value);
  template <std::integral T>
  Statement& next(T value) {
    return next_integer(static_cast<std::int64_t>(value));
  }

  /// Goes to the next row; false: there is none.
  Result<bool> step();
  /// Goes to the end. A write is committed only there.
  Status run();
  /// The integer that is the first column of the only row.
  Result<std::int64_t> only_integer();

  /// The next column of the row, from the left.
  std::string text();
  std::int64_t integer() { return sqlite3_column_int64(statement_, column_++); }
  double real() { return sqlite3_column_double(statement_, column_++); }

 private:
  Statement& bind_integer(const char* parameter, std::int64_t value);
  Statement& next_integer(std::int64_t value);
  int index(const char* parameter);
  void note(int code) { code_ = code_ == SQLITE_OK ? code : code_; }

  Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_OK;
  std::string misuse_;
  int column_ = 0;
  int parameter_ = 0;
};

/// A transaction that holds the write lock from its start, rolled back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace kmatrix::store
