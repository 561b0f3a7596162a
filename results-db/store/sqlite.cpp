// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/sqlite.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "support/text.h"

namespace kmatrix::store {

namespace {

constexpr std::string_view other_place = "--db FILE names another place";

/// What errno says beside SQLite's own words, which leave out why a file cannot be opened.
std::string cause(sqlite3* db, int code) {
  const int system = sqlite3_system_errno(db);
  const bool tells = (code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR;
  return tells && system != 0 ? fmt::format("{}: {}", sqlite3_errmsg(db), std::strerror(system))
                              : sqlite3_errmsg(db);
}

Error describe(int code, const std::string& name, const std::string& message,
               std::chrono::milliseconds patience) {
  const auto about = [&](std::string_view what) {
    return fmt::format("results database {}: {} ({})", name, what, message);
  };
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return support::input_error(about("not a SQLite database"), {}, std::string(other_place));
    case SQLITE_CORRUPT:
      return support::infrastructure_error(
          about("the file is damaged"),
          "move it away and kmatrix makes a new one; `sqlite3 FILE .recover` saves what it can");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return support::infrastructure_error(
          about(fmt::format("another process kept it locked for {} s",
                            static_cast<double>(patience.count()) / 1000)),
          "end the process that holds it");
    case SQLITE_FULL:
      return support::infrastructure_error(about("no space left to write to it"),
                                           "free some space, or use --db FILE on another disk");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return support::infrastructure_error(about("it cannot be written"), std::string(other_place));
    case SQLITE_CANTOPEN:
      return support::infrastructure_error(about("it cannot be opened"), std::string(other_place));
    case SQLITE_IOERR:
      return support::infrastructure_error(about("reading or writing it failed"));
    case SQLITE_CONSTRAINT:
      return support::infrastructure_error(about("it refuses a row"));
    default:
      return support::infrastructure_error(about("it cannot be used"));
  }
}

std::string storable(std::string_view text) {
  std::string valid = support::valid_utf8(text);
  // SQLite's functions and its shell take a NUL for the end of the text.
  for (std::size_t at = 0; (at = valid.find('\0', at)) != std::string::npos; at += 3)
    valid.replace(at, 1, "\xEF\xBF\xBD");
  return valid;
}

/// Is it ASCII without NUL, and so storable as it is?
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return static_cast<signed char>(byte) > 0; });
}

}  // namespace

Result<Connection> Connection::open(const std::filesystem::path& file,
                                    std::chrono::milliseconds patience) {
  // An empty name would be a temporary database, and "file:..." may be taken for a URI.
  if (file.empty())
    return support::input_error("the results database has no name", {}, "--db FILE");
  const bool in_memory = file == ":memory:";
  const std::string name = in_memory ? file.string() : std::filesystem::absolute(file).string();
  sqlite3* raw = nullptr;
  // A connection is for one thread at a time, so SQLite need not lock at each call.
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
  std::unique_ptr<sqlite3, CloseConnection> db(raw);
  if (code != SQLITE_OK)
    return describe(code, name, db ? cause(db.get(), code) : sqlite3_errstr(code), patience);
  sqlite3_busy_timeout(db.get(), static_cast<int>(patience.count()));
  // SQLite goes on read-only where it may not write; our first write would fail much later.
  if (sqlite3_db_readonly(db.get(), "main") == 1)
    return describe(SQLITE_READONLY, name, "no permission to write", patience);
  return Connection(std::move(db), name, patience);
}

Result<Connection> Connection::open_to_read(const std::filesystem::path& file) {
  constexpr auto patience = std::chrono::seconds(30);
  const std::string name = std::filesystem::absolute(file).string();
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(name.c_str(), &raw,
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, CloseConnection> db(raw);
  if (code != SQLITE_OK)
    return describe(code, name, db ? cause(db.get(), code) : sqlite3_errstr(code), patience);
  sqlite3_busy_timeout(db.get(), 30'000);
  return Connection(std::move(db), name, patience);
}

Error Connection::error(int code) const {
  return describe(code, name_, cause(db_.get(), code), patience_);
}

Status Connection::execute(std::string_view sql) {
  const int code = sqlite3_exec(db_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  return Statement(*this, sql).only_integer();
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  const auto known = connection.prepared_.find(sql);
  if (known != connection.prepared_.end()) {
    statement_ = known->second.get();
    return;
  }
  note(sqlite3_prepare_v3(connection.db_.get(), sql.data(), static_cast<int>(sql.size()),
                          SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
  if (statement_ != nullptr)
    connection.prepared_.emplace(std::string(sql), Connection::Prepared(statement_));
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

int Statement::index(const char* parameter) {
  const int found = statement_ ? sqlite3_bind_parameter_index(statement_, parameter) : 0;
  if (found == 0 && misuse_.empty()) misuse_ = fmt::format("no parameter {}", parameter);
  return found;
}

Statement& Statement::bind(const char* parameter, std::string_view text) {
  const std::string valid = storable(text);
  if (const int at = index(parameter))
    note(sqlite3_bind_text64(statement_, at, valid.data(), valid.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(const char* parameter, double value) {
  if (const int at = index(parameter)) note(sqlite3_bind_double(statement_, at, value));
  return *this;
}

Statement& Statement::bind_integer(const char* parameter, std::int64_t value) {
  if (const int at = index(parameter)) note(sqlite3_bind_int64(statement_, at, value));
  return *this;
}

Statement& Statement::again() {
  if (statement_ != nullptr) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  parameter_ = 0;
  return *this;
}

Statement& Statement::next(const std::string& text) {
  ++parameter_;
  if (is_plain(text)) {
    note(sqlite3_bind_text64(statement_, parameter_, text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8));
    return *this;
  }
  const std::string valid = storable(text);
  note(sqlite3_bind_text64(statement_, parameter_, valid.data(), valid.size(), SQLITE_TRANSIENT,
                           SQLITE_UTF8));
  return *this;
}

Statement& Statement::next(double value) {
  note(sqlite3_bind_double(statement_, ++parameter_, value));
  return *this;
}

Statement& Statement::next_integer(std::int64_t value) {
  note(sqlite3_bind_int64(statement_, ++parameter_, value));
  return *this;
}

Result<bool> Statement::step() {
  if (code_ != SQLITE_OK) return connection_.error(code_);
  if (!misuse_.empty())
    return describe(SQLITE_MISUSE, connection_.name_, misuse_, connection_.patience_);
  column_ = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.error(code);
}

Result<std::int64_t> Statement::only_integer() {
  const auto row = step();
  if (!row) return row.error();
  if (!*row) return describe(SQLITE_ERROR, connection_.name_, "no such row", connection_.patience_);
  const std::int64_t value = integer();
  KMATRIX_TRY(run());
  return value;
}

Status Statement::run() {
  while (true) {
    const auto row = step();
    if (!row) return row.error();
    if (!*row) return {};
  }
}

std::string Statement::text() {
  const int at = column_++;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, at));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, at))};
}

Result<Transaction> Transaction::begin(Connection& connection) {
  KMATRIX_TRY(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  // A failed write may have rolled back already; then there is nothing left to do.
  if (connection_ != nullptr) (void)connection_->execute("ROLLBACK");
}

Status Transaction::commit() {
  KMATRIX_TRY(connection_->execute("COMMIT"));
  connection_ = nullptr;
  return {};
}

}  // namespace kmatrix::store
