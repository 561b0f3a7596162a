#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: store.py DATABASE FOLDER      fills an empty results database with three runs, and the folder
# with their logs: what a night may have, and texts that would like to be markup.
import json
import os
import sqlite3
import sys

hostile = '"><script>window.hacked=1</script><img src=x onerror="window.hacked=2"> \u202e\x1b[31m\''
outcomes = ["passed", "failed", "skipped", "xfailed", "unresolved", "timed_out", "crashed", "missing",
            "blocked", "infra_error"]
db = sqlite3.connect(sys.argv[1])
folder = os.path.abspath(sys.argv[2])


def insert(table, **row):
    keys = ", ".join(row)
    return db.execute(f"INSERT INTO {table} ({keys}) VALUES ({', '.join('?' * len(row))})",
                      list(row.values())).lastrowid


def add_config(name):
    text = f"CONFIG_MODULES=y\nCONFIG_CFI={'y' if name == 'clang-cfi' else 'n'}\nCONFIG_NR_CPUS=8\n"
    text += f'CONFIG_LOCALVERSION="{hostile}"\n' if name == "gcc" else ""
    row = db.execute("SELECT id FROM kernel_config WHERE digest = ?", (name,)).fetchone()
    return row[0] if row else insert("kernel_config", digest=name, text=text)


def add_logs(where, case, message):
    os.makedirs(where, exist_ok=True)
    with open(f"{where}/{case}.out", "w") as out:
        out.write("begin\n" + "".join(f"step {i}\n" for i in range(300)))
        out.write(f"not ok {message}\n{hostile}\nend\n")


def outcome_of(run, series, config, number):
    if number < 10:
        return outcomes[number] if (series, config) == ("base", "clang-cfi") else "passed"
    if number == 10:
        return "failed" if run == 2 else "passed"
    if number == 11:
        return "failed"
    return "passed"


def add_cell(run, run_number, kernel, series, config, suite, cases):
    where = f"{folder}/{run_number}/{series}-{config}-{suite}"
    os.makedirs(where, exist_ok=True)
    with open(f"{where}/console-1.log", "w") as log:
        log.write("".join(f"[    {i / 100:.6f}] line {i} of the console\r\n" for i in range(1, 400)))
    name = f"v6.12/{series}/{config}/arm64-tcg/{suite}"
    cell = insert("cell", run=run, kernel=kernel, name=name, machine="arm64-tcg", suite=suite,
                  state="done", reason="", explanation=hostile, command_line="console=ttyAMA0 " + hostile,
                  machine_xml="<domain/>", folder=where, boot_seconds=2.5 + run_number / 10, seconds=70,
                  expect_unavailable=0, cell_key=f"{name}-{run_number > 1}", why="never ran here",
                  accel="tcg", slowness=1.5)
    for number in range(cases):
        outcome = outcome_of(run_number, series, config, number)
        case = hostile if number == 11 else f"direct/case-{number}.tc"
        message = {"passed": "", "failed": f"{case}: expected 3, found 4"}.get(outcome, f"{outcome} it is")
        if outcome != "passed":
            add_logs(where, f"{number}-case", message)
        insert("case_result", cell=cell, name=case, outcome=outcome, raw=outcome.upper(), message=message,
               seconds=0.5 + number / 10, boot=1, first_line=20 + number, last_line=22 + number,
               output=f"{where}/{number}-case.out", argv=json.dumps(["sh", f"x y/{number}.tc"]))
        if outcome == "crashed":
            insert("incident", cell=cell, case_name=case, kind="cfi",
                   title="CFI failure at caller (target: callee)", text="CFI failure at caller\n" + hostile,
                   boot=1, first_line=27, cfi_caller="caller", cfi_target="callee", cfi_expected_type="0x1")


experiment = insert("experiment", digest="e", name="direct-calls", file="demo.yaml", text="name: demo")
for number in (1, 2, 3):
    run = insert("run", experiment=experiment, started=f"2026-01-{28 + number}T12:00:00Z",
                 finished=f"2026-01-{28 + number}T12:30:05Z", state="done", host="builder",
                 kmatrix_version="0.1.0", folder=f"{folder}/{number}")
    for series in ("base", "mine"):
        for config in ("clang-cfi", "gcc"):
            kernel = insert("kernel", run=run, name=f"v6.12/{series}/{config}", tree="v6.12", series=series,
                            config=config, arch="arm64", tree_description="linux-source-6.12 " + hostile,
                            tree_digest="a", series_digest="" if series == "base" else "b",
                            compiler="clang 19", recipe_key="r", kernel_key=f"{series}{config}",
                            kernel_config=add_config(config), why="never built here",
                            state="built" if number == 1 else "cached", first_error="", log="",
                            release="6.12.1", objects=700, seconds=400 if number == 1 else 0)
            for suite in ("ftrace-direct", "ftrace-samples"):
                add_cell(run, number, kernel, series, config, suite, 30)
    insert("claim", run=run, position=0, text="With the series, the direct tests pass on clang CFI.",
           place="demo.yaml:60:5", state="holds", basis="30 cases in 1 cell", evidence="{}")
    insert("claim", run=run, position=1, text="No CFI violation " + hostile, place="demo.yaml:63:5",
           state="does not hold", basis="8 cells", evidence=json.dumps(
               {"against": [{"where": "base/clang-cfi", "what": "incident", "found": "cfi",
                             "detail": hostile}], "missing": []}))
    insert("verdict", run=run, suite="ftrace-direct", case_name="direct/case-1.tc", verdict="fixed",
           scope="fails only on clang-cfi without mine", counts="0 of 1 against 1 of 1")
db.commit()
