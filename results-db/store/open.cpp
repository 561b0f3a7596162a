// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/open.h"

#include <fmt/format.h>

#include "store/sql_text.h"
#include "support/file.h"

namespace kmatrix::store {

namespace {

constexpr std::int64_t application_id = 0x6B6D7478;  // "kmtx", set by 0001-initial.sql

/// The number of the last migration of a database of ours; 0 for an empty one.
Result<std::int64_t> version_of(Connection& connection) {
  // Another process may migrate it meanwhile, all at once: then the last one asked for is ours.
  const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables.error();
  const auto version = connection.integer("PRAGMA user_version");
  if (!version) return version.error();
  const auto application = connection.integer("PRAGMA application_id");
  if (!application) return application.error();
  const bool empty = *tables == 0 && *version == 0 && *application == 0;
  if (!empty && *application != application_id)
    return support::input_error(
        fmt::format("results database {}: it belongs to another program", connection.name()), {},
        "--db FILE names another place");
  const std::int64_t newest = sql::migrations.back().number;
  if (*version > newest)
    return support::input_error(
        fmt::format("results database {}: its schema {} is newer than this program's {}",
                    connection.name(), *version, newest),
        {}, "use the newer kmatrix that made it, or --db FILE with another file");
  return *version;
}

/// Readers and writers do not wait for each other in WAL mode. The busy timeout does not hold for
/// this switch, which needs the file for itself, so two that create it at once try in turn.
Status use_wal(Connection& connection) {
  constexpr int pause_ms = 10;
  std::int64_t left = connection.patience().count() / pause_ms;
  while (true) {
    auto switched = Statement(connection, "PRAGMA journal_mode = WAL").run();
    if (switched || left-- <= 0 || !connection.is_busy()) return switched;
    sqlite3_sleep(pause_ms);
  }
}

/// All pending migrations, or none of them.
Status migrate(Connection& connection) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction.error();
  // Asked again under the lock: another process may have been faster.
  const auto version = version_of(connection);
  if (!version) return version.error();
  for (const auto& migration : sql::migrations) {
    if (migration.number <= *version) continue;
    KMATRIX_TRY(support::with_context(connection.execute(migration.text),
                                      fmt::format("while migrating to {}", migration.name)));
    KMATRIX_TRY(connection.execute(fmt::format("PRAGMA user_version = {}", migration.number)));
  }
  const auto broken = connection.integer("SELECT count(*) FROM pragma_foreign_key_check");
  if (!broken) return broken.error();
  if (*broken != 0)
    return support::infrastructure_error(
        fmt::format("results database {}: {} rows refer to missing ones after its migration",
                    connection.name(), *broken));
  return transaction->commit();
}

}  // namespace

Result<Connection> open_newest(const std::filesystem::path& file) {
  if (file != ":memory:" && file.has_parent_path())
    KMATRIX_TRY(support::make_folders(file.parent_path()));
  auto connection = Connection::open(file);
  if (!connection) return connection.error();
  const auto version = version_of(*connection);
  if (!version) return version.error();
  KMATRIX_TRY(use_wal(*connection));
  // A commit is safe from the death of the process at once, from a power cut a moment later.
  KMATRIX_TRY(connection->execute("PRAGMA synchronous = NORMAL"));
  // In KiB, and only what is used: with SQLite's 2 MB a run of 100,000 cases reads again what it
  // has just written, which costs a third more.
  KMATRIX_TRY(connection->execute("PRAGMA cache_size = -65536"));
  // Foreign keys come after the migrations, which may rebuild tables.
  if (*version < sql::migrations.back().number) KMATRIX_TRY(migrate(*connection));
  KMATRIX_TRY(connection->execute("PRAGMA foreign_keys = ON"));
  return connection;
}

Status check_is_there(const std::filesystem::path& file) {
  std::error_code failure;
  if (std::filesystem::exists(file, failure)) return {};
  return support::input_error(
      fmt::format("no results database {}", std::filesystem::absolute(file).string()), {},
      "`kmatrix run EXPERIMENT.yaml` makes one, --db FILE names another place");
}

Result<Connection> open_newest_to_read(const std::filesystem::path& file) {
  KMATRIX_TRY(check_is_there(file));
  auto connection = Connection::open_to_read(file);
  if (!connection) return connection.error();
  const auto version = version_of(*connection);
  if (!version) return version.error();
  if (*version < sql::migrations.back().number)
    if (auto migrated = open_newest(file); !migrated) return migrated.error();
  return connection;
}

}  // namespace kmatrix::store
