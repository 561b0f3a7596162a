// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include "store/open.h"
#include "support/text.h"

namespace kmatrix::store {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// SQLite asks each time after so many of its instructions; 10,000 take about a tenth of a
/// millisecond.
constexpr int instructions = 10'000;

Value value_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return std::monostate();
    default: {
      const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      if (bytes == nullptr) return std::monostate();
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return support::valid_utf8({bytes, size});
    }
  }
}

int bind_value(sqlite3_stmt* statement, int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, at, *number);
  if (const auto* real = std::get_if<double>(&value))
    return sqlite3_bind_double(statement, at, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  return sqlite3_bind_null(statement, at);
}

}  // namespace

std::string to_text(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:.6g}", *real);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

double to_number(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* real = std::get_if<double>(&value)) return std::isfinite(*real) ? *real : 0;
  return 0;
}

int Rows::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

/// What SQLite's callbacks see; it stays where it is when the connection moves.
struct QueryConnection::Watch {
  SteadyClock::time_point end = SteadyClock::time_point::max();
  std::set<std::string> tables;
  std::map<std::string, Prepared, std::less<>> statements;

  std::string query;  ///< that is being prepared

  /// Does the query itself say FROM or JOIN this table?
  bool is_named(const std::string& table) const {
    return std::regex_search(query, std::regex("\\b(from|join)\\s+" + table + "\\b",
                                               std::regex::icase | std::regex::ECMAScript));
  }

  static int is_late(void* self) {
    return SteadyClock::now() > static_cast<Watch*>(self)->end ? 1 : 0;
  }

  /// Reading is allowed, and calling functions that do not reach out of the database.
  static int authorize(void* self, int action, const char* first, const char* second,
                       const char* /*schema*/, const char* view) {
    switch (action) {
      case SQLITE_READ:
        // A table of which no column is read comes without its view, and without a column.
        if (view == nullptr && first != nullptr && second != nullptr) {
          auto& watch = *static_cast<Watch*>(self);
          if (*second != '\0' || watch.is_named(first)) watch.tables.insert(first);
        }
        return SQLITE_OK;
      case SQLITE_SELECT:
      case SQLITE_RECURSIVE:
        return SQLITE_OK;
      case SQLITE_FUNCTION:
        return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY
                                                                                 : SQLITE_OK;
      default:
        return SQLITE_DENY;
    }
  }
};

QueryConnection::QueryConnection(Connection connection, std::unique_ptr<Watch> watch)
    : connection_(std::move(connection)), watch_(std::move(watch)) {
  sqlite3_progress_handler(connection_.db_.get(), instructions, Watch::is_late, watch_.get());
  sqlite3_limit(connection_.db_.get(), SQLITE_LIMIT_ATTACHED, 0);
  // A text that a query builds cannot fill the memory.
  sqlite3_limit(connection_.db_.get(), SQLITE_LIMIT_LENGTH, 16 << 20);
}
QueryConnection::QueryConnection(QueryConnection&&) noexcept = default;
QueryConnection& QueryConnection::operator=(QueryConnection&&) noexcept = default;
QueryConnection::~QueryConnection() {
  if (watch_) watch_->statements.clear();
}

Result<QueryConnection> QueryConnection::open(const std::filesystem::path& file) {
  auto connection = Connection::open_to_read(file);
  if (!connection) return connection.error();
  KMATRIX_TRY(connection->execute("PRAGMA cache_size = -65536"));
  return QueryConnection(std::move(*connection), std::make_unique<Watch>());
}

Result<QueryConnection> QueryConnection::open_empty() {
  auto connection = open_newest(":memory:");
  if (!connection) return connection.error();
  KMATRIX_TRY(connection->execute("PRAGMA query_only = ON"));
  return QueryConnection(std::move(*connection), std::make_unique<Watch>());
}

Result<sqlite3_stmt*> QueryConnection::prepared(const std::string& query, QueryProblem* problem) {
  const auto known = watch_->statements.find(query);
  if (known != watch_->statements.end()) return known->second.get();
  auto* db = connection_.db_.get();
  const auto refuse = [&](const std::string& message, int offset) {
    auto error = support::input_error(message);
    if (problem != nullptr) *problem = {error, offset};
    return error;
  };
  watch_->tables.clear();
  watch_->query = query;
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  sqlite3_set_authorizer(db, Watch::authorize, watch_.get());
  const int code = sqlite3_prepare_v3(db, query.c_str(), static_cast<int>(query.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &raw, &rest);
  sqlite3_set_authorizer(db, nullptr, nullptr);
  Prepared statement(raw);
  if (code == SQLITE_AUTH) return refuse("the query may only read", 0);
  if (code != SQLITE_OK)
    return refuse(fmt::format("the query is wrong: {}", sqlite3_errmsg(db)),
                  sqlite3_error_offset(db));
  if (raw == nullptr) return refuse("the query is empty", 0);
  const auto more = support::trim(rest);
  if (!more.empty())
    return refuse("more than one query", static_cast<int>(more.data() - query.c_str()));
  if (sqlite3_stmt_readonly(raw) == 0) return refuse("the query may only read", 0);
  watch_->statements.emplace(query, std::move(statement));
  return raw;
}

Result<QueryShape> QueryConnection::look_at(const std::string& query, QueryProblem* problem) {
  watch_->statements.erase(query);
  const auto statement = prepared(query, problem);
  if (!statement) return statement.error();
  QueryShape shape;
  for (int i = 0; i < sqlite3_column_count(*statement); ++i)
    shape.columns.emplace_back(sqlite3_column_name(*statement, i));
  for (int i = 1; i <= sqlite3_bind_parameter_count(*statement); ++i) {
    const char* name = sqlite3_bind_parameter_name(*statement, i);
    shape.parameters.emplace_back(name == nullptr ? "?" : name + 1);
  }
  shape.tables.assign(watch_->tables.begin(), watch_->tables.end());
  return shape;
}

Result<Rows> QueryConnection::run(const std::string& query, const Parameters& parameters,
                                  QueryLimits limits) {
  const auto found = prepared(query, nullptr);
  if (!found) return found.error();
  sqlite3_stmt* statement = *found;
  const auto reset = [](sqlite3_stmt* used) {
    sqlite3_reset(used);
    sqlite3_clear_bindings(used);
  };
  const std::unique_ptr<sqlite3_stmt, decltype(reset)> use(statement, reset);
  for (const auto& [name, value] : parameters) {
    const int at = sqlite3_bind_parameter_index(statement, (":" + name).c_str());
    if (at == 0) continue;
    if (const int code = bind_value(statement, at, value); code != SQLITE_OK)
      return connection_.error(code);
  }
  Rows rows;
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) rows.columns.emplace_back(sqlite3_column_name(statement, i));
  watch_->end = SteadyClock::now() + limits.time;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (rows.rows.size() == limits.rows) {
      rows.cut = true;
      break;
    }
    auto& row = rows.rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_of(statement, i));
  }
  watch_->end = SteadyClock::time_point::max();
  if (code == SQLITE_ROW || code == SQLITE_DONE) return rows;
  if (code == SQLITE_INTERRUPT)
    return support::input_error(
        fmt::format("the query took longer than {} ms", limits.time.count()));
  if ((code & 0xFF) == SQLITE_ERROR || (code & 0xFF) == SQLITE_TOOBIG)
    return support::input_error(
        fmt::format("the query failed: {}", sqlite3_errmsg(connection_.db_.get())));
  return connection_.error(code);
}

Result<std::int64_t> QueryConnection::data_version() {
  return connection_.integer("PRAGMA data_version");
}

}  // namespace kmatrix::store
