// SPDX-License-Identifier: GPL-2.0-or-later
#include "store/sqlite.h"

#include <gtest/gtest.h>

#include <csignal>

#include <sys/resource.h>

#include "store/fixture.h"

namespace kmatrix::store {
namespace {

using std::chrono::milliseconds;

class Sqlite : public StoreInAFile {};

TEST_F(Sqlite, TextComesBackByteForByte) {
  auto connection = Connection::open(":memory:").value();
  Statement statement(connection, "SELECT :text");
  const std::string text = "quotes ' \" ; -- \\ \n tab\t \xC3\xA9 \xF0\x9F\x90\xA7";
  ASSERT_TRUE(statement.bind(":text", text).step().value());
  EXPECT_EQ(statement.text(), text);
}

TEST_F(Sqlite, MakesTextValidBeforeItIsStored) {
  auto connection = Connection::open(":memory:").value();
  Statement statement(connection, "SELECT :text, length(:text)");
  ASSERT_TRUE(statement
                  .bind(":text", std::string_view("a\0b\xFF"
                                                  "c",
                                                  5))
                  .step()
                  .value());
  EXPECT_EQ(statement.text(),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c");
  EXPECT_EQ(statement.integer(), 5);
}

TEST_F(Sqlite, RefusesAParameterThatTheStatementDoesNotHave) {
  auto connection = Connection::open(":memory:").value();
  const auto result = Statement(connection, "SELECT :right").bind(":wrong", 1).step();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("no parameter :wrong"), std::string::npos);
}

TEST_F(Sqlite, ReportsAStatementThatCannotBePrepared) {
  auto connection = Connection::open(":memory:").value();
  const auto result = Statement(connection, "SELECT nonsense FROM nowhere").run();
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("nowhere"), std::string::npos);
}

TEST_F(Sqlite, AStatementCanBeUsedAgainWithNewValues) {
  auto connection = Connection::open(":memory:").value();
  for (std::int64_t value : {1, 2, 3})
    EXPECT_EQ(Statement(connection, "SELECT :value").bind(":value", value).only_integer().value(),
              value);
}

TEST_F(Sqlite, ATransactionThatIsNotCommittedLeavesNothing) {
  auto connection = Connection::open(":memory:").value();
  ASSERT_TRUE(connection.execute("CREATE TABLE t (x INTEGER)"));
  {
    auto transaction = Transaction::begin(connection).value();
    ASSERT_TRUE(connection.execute("INSERT INTO t VALUES (1)"));
  }
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t").value(), 0);
  auto transaction = Transaction::begin(connection).value();
  ASSERT_TRUE(connection.execute("INSERT INTO t VALUES (1)"));
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t").value(), 1);
}

TEST_F(Sqlite, NamesTheFileThatAnotherKeepsLocked) {
  auto holder = Connection::open(file()).value();
  ASSERT_TRUE(holder.execute("CREATE TABLE t (x INTEGER)"));
  const auto transaction = Transaction::begin(holder).value();
  auto waiting = Connection::open(file(), milliseconds(30)).value();
  const auto refused = Transaction::begin(waiting);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::infrastructure);
  EXPECT_NE(refused.error().message.find(file().string()), std::string::npos);
  EXPECT_NE(refused.error().message.find("locked for 0.03 s"), std::string::npos);
}

TEST_F(Sqlite, SaysThatNoSpaceIsLeft) {
  auto connection = Connection::open(file()).value();
  ASSERT_TRUE(connection.execute("CREATE TABLE t (x BLOB); PRAGMA max_page_count = 4"));
  const auto full = connection.execute("INSERT INTO t VALUES (zeroblob(100000))");
  ASSERT_FALSE(full);
  EXPECT_NE(full.error().message.find(file().string() + ": no space left"), std::string::npos)
      << full.error().message;
  EXPECT_EQ(connection.integer("SELECT count(*) FROM t").value(), 0);
}

/// No file of this process may grow beyond `bytes` while it lives, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(Sqlite, AWriteThatFailsHalfwayLeavesTheStoreAsItWas) {
  auto store = Store::open(file()).value();
  const std::int64_t cell = add_cell(store);
  const RunId run{1};
  CaseRow large = some_case(cell, "large");
  large.message.assign(4'000'000, 'x');
  {
    const FileSizeLimit limit(1'000'000);
    const auto refused = store.put_case(large);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::infrastructure);
    EXPECT_NE(refused.error().message.find(file().string()), std::string::npos);
  }
  EXPECT_TRUE(store.cases(run).value().empty());
  EXPECT_TRUE(store.put_case(large));
  EXPECT_EQ(store.cases(run).value().size(), 1U);
}

}  // namespace
}  // namespace kmatrix::store
