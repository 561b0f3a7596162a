// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/open.h"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <thread>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/fixture.h"
#include "store/sql_text.h"

namespace kmatrix::store {
namespace {

class OpenStore : public StoreInAFile {};

std::filesystem::path source(const char* name) {
  return std::filesystem::path(KMATRIX_SOURCE_DIR) / "results-db" / name;
}

/// SQL without comments and white space, but for those in quotes.
std::string essence(std::string_view text) {
  std::string kept;
  bool quoted = false, comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!quoted && text.substr(i, 2) == "--") comment = true;
    if (text[i] == '\'' && !comment) quoted = !quoted;
    const bool space = !quoted && std::isspace(static_cast<unsigned char>(text[i])) != 0;
    if (!comment && !space) kept += text[i];
    if (text[i] == '\n') comment = false;
  }
  return kept;
}

std::map<std::string, std::string> schema(Connection& connection) {
  std::map<std::string, std::string> objects;
  Statement statement(connection, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
  while (statement.step().value()) {
    const std::string name = statement.text();
    objects[name] = essence(statement.text());
  }
  return objects;
}

TEST_F(OpenStore, TheSchemaIsWhatTheMigrationsMake) {
  auto migrated = open_newest(":memory:").value();
  auto documented = Connection::open(":memory:").value();
  ASSERT_TRUE(documented.execute(support::read_file(source("schema.sql")).value()));
  EXPECT_EQ(schema(migrated), schema(documented));
  EXPECT_GE(schema(migrated).size(), 7U);
  EXPECT_EQ(migrated.integer("PRAGMA application_id").value(),
            documented.integer("PRAGMA application_id").value());
}

TEST_F(OpenStore, TheVersionIsTheNumberOfTheLastMigration) {
  auto connection = open_newest(file()).value();
  EXPECT_EQ(connection.integer("PRAGMA user_version").value(), sql::migrations.back().number);
  EXPECT_EQ(connection.integer("PRAGMA foreign_keys").value(), 1);
  Statement mode(connection, "PRAGMA journal_mode");
  ASSERT_TRUE(mode.step().value());
  EXPECT_EQ(mode.text(), "wal");
}

TEST_F(OpenStore, EveryTableIsStrict) {
  auto connection = open_newest(":memory:").value();
  EXPECT_EQ(connection
                .integer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' "
                         "AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict")
                .value(),
            0);
}

TEST_F(OpenStore, EveryMigrationIsPartOfTheLibrary) {
  std::set<std::string> embedded;
  for (const auto& migration : sql::migrations)
    embedded.insert(std::string(migration.name) + ".sql");
  std::set<std::string> present;
  for (const auto& entry : std::filesystem::directory_iterator(source("migrations")))
    present.insert(entry.path().filename().string());
  EXPECT_EQ(embedded, present);
}

TEST_F(OpenStore, ADatabaseOfTheFirstSchemaKeepsItsRows) {
  {
    auto old = Connection::open(file()).value();
    ASSERT_TRUE(old.execute(support::read_file(source("store/testdata/0001.sql")).value()));
  }
  auto store = Store::open(file()).value();
  const auto runs = store.runs().value();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].experiment, "quickstart");
  EXPECT_EQ(runs[0].state, "done");
  EXPECT_EQ(store.kernels(runs[0].id).value().at(0).config_text, "CONFIG_CFI_CLANG=y\n");
  EXPECT_EQ(store.cells(runs[0].id).value().at(0).series, "base");
  EXPECT_EQ(store.cases(runs[0].id).value().at(0).outcome, "passed");
  EXPECT_EQ(store.incidents(runs[0].id).value().at(0).kind, "cfi");
  auto upgraded = open_newest(file()).value();
  auto fresh = open_newest(":memory:").value();
  EXPECT_EQ(schema(upgraded), schema(fresh));
  EXPECT_EQ(upgraded.integer("PRAGMA user_version").value(), sql::migrations.back().number);
}

TEST_F(OpenStore, WhatWasWrittenIsThereAfterOpeningAgain) {
  {
    auto store = Store::open(file()).value();
    ASSERT_TRUE(store.put_case(some_case(add_cell(store), "a")));
  }
  auto store = Store::open(file()).value();
  EXPECT_EQ(store.cases(RunId{1}).value().size(), 1U);
}

TEST_F(OpenStore, MakesTheFolderOfTheDatabase) {
  EXPECT_TRUE(Store::open(file("new/folder/results.db")));
  EXPECT_TRUE(std::filesystem::exists(file("new/folder/results.db")));
}

/// The Error of opening a file that has this content, which must stay as it is.
Error refused(const std::filesystem::path& file, const std::string& content) {
  const auto store = Store::open(file);
  EXPECT_FALSE(store);
  EXPECT_EQ(support::read_file(file).value(), content);
  if (store) return {};
  EXPECT_NE(store.error().message.find(file.string()), std::string::npos) << store.error().message;
  return store.error();
}

TEST_F(OpenStore, LeavesAFileThatIsNoDatabaseAsItIs) {
  const std::string text = "trees:\n  v6.12: {}\n";
  ASSERT_TRUE(support::write_file(file(), text));
  const Error error = refused(file(), text);
  EXPECT_EQ(error.kind, ErrorKind::input);
  EXPECT_NE(error.message.find("not a SQLite database"), std::string::npos) << error.message;
}

TEST_F(OpenStore, LeavesTheDatabaseOfAnotherProgramAsItIs) {
  {
    auto other = Connection::open(file()).value();
    ASSERT_TRUE(other.execute("CREATE TABLE bookmarks (url TEXT)"));
  }
  const Error error = refused(file(), support::read_file(file()).value());
  EXPECT_EQ(error.kind, ErrorKind::input);
  EXPECT_NE(error.message.find("another program"), std::string::npos) << error.message;
}

TEST_F(OpenStore, LeavesANewerDatabaseAsItIs) {
  {
    auto newer = open_newest(file()).value();
    ASSERT_TRUE(newer.execute("PRAGMA user_version = 4711"));
  }
  const Error error = refused(file(), support::read_file(file()).value());
  EXPECT_EQ(error.kind, ErrorKind::input);
  EXPECT_NE(error.message.find("schema 4711 is newer"), std::string::npos) << error.message;
}

TEST_F(OpenStore, SaysThatAFileIsDamaged) {
  {
    auto store = Store::open(file()).value();
    add_cell(store);
  }
  std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file()));
  const std::string garbage(static_cast<std::size_t>(size) - 4096, '\xA5');
  stream.seekp(4096).write(garbage.data(), size - 4096);
  stream.close();
  const auto store = Store::open(file());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, ErrorKind::infrastructure);
  EXPECT_NE(store.error().message.find(file().string() + ": the file is damaged"),
            std::string::npos)
      << store.error().message;
}

TEST_F(OpenStore, SaysWhyAFolderIsNoDatabase) {
  const auto store = Store::open(file("."));
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message.find("cannot be opened"), std::string::npos)
      << store.error().message;
}

/// Runs `body` in a process of its own that is not root, and returns its exit code.
template <class Body>
int in_a_process(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(99);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(OpenStore, SaysThatItMayNotWrite) {
  {
    auto store = Store::open(file()).value();
    add_cell(store);
  }
  const auto folder = file().parent_path();
  ASSERT_EQ(chmod(file().c_str(), 0444), 0);
  ASSERT_EQ(chmod(folder.c_str(), 0555), 0);
  const auto tells = [](const std::filesystem::path& path, const std::string& what) {
    const auto store = Store::open(path);
    if (store) return 1;
    if (store.error().kind != ErrorKind::infrastructure) return 2;
    return store.error().message.find(path.string() + ": " + what) != std::string::npos ? 0 : 3;
  };
  EXPECT_EQ(in_a_process([&] { return tells(file(), "it cannot be written"); }), 0);
  EXPECT_EQ(in_a_process([&] { return tells(file("new.db"), "it cannot be opened"); }), 0);
  ASSERT_EQ(chmod(folder.c_str(), 0755), 0);
  EXPECT_FALSE(std::filesystem::exists(file("new.db")));
}

/// Opens the store, adds a run with cases, and returns 0 if all of it worked.
int write_a_run(const std::filesystem::path& file, int cases) {
  auto store = Store::open(file);
  if (!store) {
    std::cerr << to_string(store.error()) << "\n";
    return 1;
  }
  const auto run = store->add_run(some_run());
  if (!run) return 2;
  const KernelRow kernel = some_kernel(*run);
  const auto kernel_id = store->put_kernel(kernel);
  if (!kernel_id) return 3;
  const auto cell = store->put_cell(some_cell(kernel, *kernel_id));
  if (!cell) return 4;
  for (int i = 0; i < cases; ++i)
    if (!store->put_case(some_case(*cell, std::to_string(i)))) return 5;
  return 0;
}

TEST_F(OpenStore, SeveralProcessesCreateAndFillOneDatabase) {
  constexpr int writers = 6, cases = 50;
  std::vector<pid_t> children;
  for (int i = 0; i < writers; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(write_a_run(file(), cases));
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
  }
  auto store = Store::open(file()).value();
  const auto runs = store.runs().value();
  ASSERT_EQ(runs.size(), static_cast<std::size_t>(writers));
  for (const auto& run : runs)
    EXPECT_EQ(store.cases(run.id).value().size(), static_cast<std::size_t>(cases));
}

/// Puts cases until it is killed; says each on `out` once the store has it.
[[noreturn]] void put_cases_for_ever(const std::filesystem::path& file, int round, int out) {
  auto store = Store::open(file);
  if (!store) _exit(1);
  for (int i = 0;; ++i) {
    const auto put = store->put_case(some_case(1, std::to_string(round) + "." + std::to_string(i)));
    if (!put || write(out, &i, sizeof i) != sizeof i) _exit(2);
  }
}

TEST_F(OpenStore, AKilledProcessLosesNothingThatTheStoreHadTaken) {
  {
    auto store = Store::open(file()).value();
    ASSERT_EQ(add_cell(store), 1);
  }
  std::set<std::string> taken;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) put_cases_for_ever(file(), round, ends[1]);
    close(ends[1]);
    // At another moment each time, in the middle of whatever it does.
    for (int i = 0, number = 0; i <= 7 * round; ++i)
      if (read(ends[0], &number, sizeof number) == sizeof number)
        taken.insert(std::to_string(round) + "." + std::to_string(number));
    kill(child, SIGKILL);
    for (int number = 0; read(ends[0], &number, sizeof number) == sizeof number;)
      taken.insert(std::to_string(round) + "." + std::to_string(number));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  std::set<std::string> stored;
  auto store = Store::open(file()).value();
  const auto rows = store.cases(RunId{1}).value();
  for (const auto& row : rows) stored.insert(row.name);
  for (const auto& name : taken) EXPECT_EQ(stored.count(name), 1U) << name;
  EXPECT_GE(taken.size(), 12U);
}

TEST_F(OpenStore, AReaderDoesNotWaitForAWriter) {
  auto reader = Store::open(file()).value();
  add_cell(reader);
  auto writer = open_newest(file()).value();
  const auto transaction = Transaction::begin(writer).value();
  ASSERT_TRUE(writer.execute("UPDATE run SET state = 'failed'"));
  EXPECT_EQ(reader.runs().value().at(0).state, "running");
}

TEST_F(OpenStore, AWriterWaitsForAnother) {
  auto store = Store::open(file()).value();
  auto other = open_newest(file()).value();
  auto transaction = std::make_unique<Transaction>(Transaction::begin(other).value());
  std::jthread releases([&] {
    sqlite3_sleep(50);
    transaction.reset();
  });
  EXPECT_TRUE(store.add_run(some_run()));
}

TEST_F(OpenStore, WhoOnlyReadsMakesNothingAndChangesNothing) {
  const auto none = Store::open_to_read(file());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::input);
  EXPECT_FALSE(std::filesystem::exists(file()));

  auto writer = Store::open(file()).value();
  add_cell(writer);
  auto reader = Store::open_to_read(file()).value();
  EXPECT_EQ(reader.runs()->size(), 1U);
  EXPECT_FALSE(reader.add_run(some_run()));
  const auto version = reader.data_version().value();
  EXPECT_EQ(reader.data_version().value(), version);
  add_cell(writer);
  EXPECT_NE(reader.data_version().value(), version);
  EXPECT_EQ(reader.runs()->size(), 2U);
}

TEST_F(OpenStore, WhoOnlyReadsAnOldDatabaseReadsTheNewestSchema) {
  {
    auto old = Connection::open(file()).value();
    ASSERT_TRUE(old.execute(support::read_file(source("store/testdata/0001.sql")).value()));
  }
  const auto reader = Store::open_to_read(file()).value();
  const auto run = reader.latest_run();
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_TRUE(reader.cells(run->id));
}

/// What SQLite plans to do for a query, a line a step.
std::string query_plan(Connection& connection, std::string_view query) {
  Statement statement(connection, "EXPLAIN QUERY PLAN " + std::string(query));
  std::string plan;
  while (statement.step().value()) {
    for (int column = 0; column < 3; ++column) (void)statement.integer();
    plan += statement.text() + "\n";
  }
  return plan;
}

TEST_F(OpenStore, TheQueriesByRunUseIndexesAlone) {
  auto connection = open_newest(":memory:").value();
  for (const auto query : {sql::run, sql::kernels, sql::cells, sql::cases, sql::incidents}) {
    const std::string plan = query_plan(connection, query);
    EXPECT_NE(plan.find("SEARCH"), std::string::npos) << query << "\n" << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << query << "\n" << plan;
    EXPECT_EQ(plan.find("AUTOMATIC"), std::string::npos) << query << "\n" << plan;
  }
}

}  // namespace
}  // namespace kmatrix::store
