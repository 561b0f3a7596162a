// SPDX-License-Identifier: GPL-2.0-or-later
// usage: store_bench FILE [RUNS]
// Fills a new results database with RUNS (100) runs of 100,000 cases each, in 50 cells of 10
// suites, and measures what people wait for. Prints a Markdown table of wall and CPU time: on a
// host that does other things as well, the CPU time is what the work itself costs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "compare/diff.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace kmatrix {
namespace {

constexpr int cells = 50, suites = 10, cases_of_cell = 2000;

/// Ends the program with the Error of what must not fail here.
template <class T>
T need(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "store_bench: {}\n", to_string(result.error()));
    std::exit(69);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Took {
  double wall = 0, cpu = 0;
};

template <class Body>
Took measure(const Body& body) {
  const auto began = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  body();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  return {wall.count(), static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

std::string case_name(int suite, int number) {
  return fmt::format("suite{}/some_group/test_of_something_{}", suite, number);
}

store::CaseRow case_row(std::int64_t cell, int suite, int number, int run) {
  store::CaseRow row;
  row.cell = cell;
  row.name = case_name(suite, number);
  const bool failed = (number * 7919 + run * 104729) % 997 == 0;
  row.outcome = failed ? "failed" : "passed";
  row.raw = failed ? "FAIL" : "PASS";
  row.message = failed ? "expected 3, found 4" : "";
  row.seconds = 0.01 * (number % 300);
  row.boot = 1;
  row.first_line = number * 10;
  row.last_line = row.first_line + 9;
  row.output = fmt::format("/state/results.runs/{}/cell-{}/case-{}.out", run, cell % cells, number);
  row.argv = R"(["sh","x.tc"])";
  return row;
}

/// A run with its cells, without cases; returns the cells' ids.
std::vector<std::int64_t> add_run(store::Store& store, int run) {
  store::RunRow row;
  row.experiment = "bench";
  row.started = fmt::format("2026-01-01T{:02}:{:02}:00Z", run / 60 % 24, run % 60);
  row.state = "done";
  store::KernelRow kernel;
  kernel.run = need(store.add_run(row));
  kernel.name = "v6.12/base/config";
  kernel.tree = "v6.12";
  kernel.series = "base";
  kernel.config = "config";
  kernel.state = "built";
  const auto kernel_id = need(store.put_kernel(kernel));
  std::vector<std::int64_t> ids;
  for (int i = 0; i < cells; ++i) {
    store::CellRow cell;
    cell.run = kernel.run;
    cell.kernel = kernel_id;
    cell.machine = fmt::format("machine{}", i / suites);
    cell.suite = fmt::format("suite{}", i % suites);
    cell.name = kernel.name + "/" + cell.machine + "/" + cell.suite;
    cell.state = "done";
    cell.cell_key = fmt::format("key{}-{}", i, run / 10);
    ids.push_back(need(store.put_cell(cell)));
  }
  return ids;
}

std::vector<store::CaseRow> rows_of_run(const std::vector<std::int64_t>& ids, int run) {
  std::vector<store::CaseRow> rows;
  rows.reserve(cells * cases_of_cell);
  for (int i = 0; i < cells; ++i)
    for (int number = 0; number < cases_of_cell; ++number)
      rows.push_back(case_row(ids[static_cast<std::size_t>(i)], i % suites, number, run));
  return rows;
}

std::string line(const char* what, Took took, const std::string& note) {
  return fmt::format("| {} | {:.1f} ms | {:.1f} ms | {} |\n", what, 1000 * took.wall,
                     1000 * took.cpu, note);
}

std::string rate(std::size_t rows, Took took) {
  const auto each = static_cast<double>(rows);
  return fmt::format("{:.0f} rows/s, {:.0f} rows/s of CPU time", each / took.wall, each / took.cpu);
}

/// What SQLite itself takes for the same rows: one table with the same columns and key, the same
/// settings, one prepared statement, one transaction.
Took bare(const std::filesystem::path& file, const std::vector<store::CaseRow>& rows) {
  auto db = need(store::Connection::open(file));
  need(db.execute("PRAGMA journal_mode = WAL"));
  need(db.execute("PRAGMA synchronous = NORMAL"));
  need(
      db.execute("CREATE TABLE result (id INTEGER PRIMARY KEY, cell INTEGER, name TEXT, outcome "
                 "TEXT, raw TEXT, message TEXT, errno INTEGER, seconds REAL, boot INTEGER, "
                 "first_line INTEGER, last_line INTEGER, output TEXT, argv TEXT, "
                 "UNIQUE (cell, name))"));
  return measure([&] {
    auto transaction = need(store::Transaction::begin(db));
    {
      store::Statement statement(db,
                                 "INSERT INTO result (cell, name, outcome, raw, message, errno, "
                                 "seconds, boot, first_line, last_line, output, argv) VALUES (?1, "
                                 "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
      for (const auto& row : rows)
        need(statement.again()
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
    need(transaction.commit());
  });
}

void remove_database(const std::filesystem::path& file) {
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

void ingest(const std::filesystem::path& file, int runs) {
  auto store = need(store::Store::open(file));
  Took all, last, plain, one_by_one;
  std::size_t count = 0;
  for (int run = 1; run <= runs; ++run) {
    const auto rows = rows_of_run(add_run(store, run), run);
    last = measure([&] { need(store.put_cases(rows)); });
    all.wall += last.wall;
    all.cpu += last.cpu;
    count += rows.size();
    if (run < runs) continue;
    // In the same minute, so that the host is as busy.
    const std::filesystem::path other = file.string() + ".bare";
    remove_database(other);
    plain = bare(other, rows);
    remove_database(other);
    constexpr std::size_t few = 2000;
    one_by_one = measure([&] {
      for (std::size_t i = 0; i < few; ++i) need(store.put_case(rows[i]));
    });
    fmt::print("{}", line("ingest of all runs", all, rate(count, all)));
    fmt::print("{}", line("ingest of the last run", last,
                          rate(rows.size(), last) +
                              fmt::format(", {:.2f} times bare SQLite", last.cpu / plain.cpu)));
    fmt::print("{}", line("the same rows in bare SQLite", plain, rate(rows.size(), plain)));
    fmt::print("{}", line("2,000 cases, each by itself", one_by_one, rate(few, one_by_one)));
  }
}

/// The median of several.
template <class Body>
Took median(int times, const Body& body) {
  std::vector<Took> all;
  for (int i = 0; i < times; ++i) all.push_back(measure([&] { body(i); }));
  const auto middle = static_cast<std::size_t>(times) / 2;
  Took took;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.wall < b.wall; });
  took.wall = all[middle].wall;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cpu < b.cpu; });
  took.cpu = all[middle].cpu;
  return took;
}

compare::Side side(const store::Store& store, std::int64_t run) {
  const store::RunId id{run};
  return {need(store.cells(id)), need(store.outcomes(id)), need(store.incidents(id))};
}

void questions(const std::filesystem::path& file, int runs) {
  auto store = need(store::Store::open(file));
  std::size_t seen = 0;
  const auto newest = median(21, [&](int i) {
    seen =
        need(store.history({case_name(i % suites, 37 * i + 1), fmt::format("suite{}", i % suites)},
                           {}, 101))
            .size();
  });
  fmt::print("{}", line("history of a case, newest 100", newest, fmt::format("{} results", seen)));
  const auto whole = median(21, [&](int i) {
    seen =
        need(store.history({case_name(i % suites, 41 * i + 2), fmt::format("suite{}", i % suites)},
                           {}, -1))
            .size();
  });
  fmt::print("{}", line("history of a case, all", whole, fmt::format("{} results", seen)));
  std::size_t changed = 0;
  const auto diff = median(5, [&](int i) {
    changed = compare::diff(side(store, 1 + i % runs), side(store, runs)).cases.size();
  });
  fmt::print("{}", line("diff of two runs", diff, fmt::format("{} cases differ", changed)));
}

int main_of(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: store_bench FILE [RUNS]\n");
    return 2;
  }
  const std::filesystem::path file = argv[1];
  const int runs = argc > 2 ? std::atoi(argv[2]) : 100;
  if (runs < 1) {
    fmt::print(stderr, "store_bench: RUNS is no number\n");
    return 2;
  }
  fmt::print("| what | wall time | CPU time | |\n| --- | --- | --- | --- |\n");
  ingest(file, runs);
  questions(file, runs);
  fmt::print("\n{:.0f} MB\n", static_cast<double>(std::filesystem::file_size(file)) / 1e6);
  return 0;
}

}  // namespace
}  // namespace kmatrix

int main(int argc, char** argv) { return kmatrix::main_of(argc, argv); }
