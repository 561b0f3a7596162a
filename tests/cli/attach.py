#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: attach.py KMATRIX FOLDER

`kmatrix attach` to a run of this process, which holds the run's lock and writes what a run does."""
import fcntl
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time

from tmux import Screen

kmatrix, work = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
database = os.path.join(work, "attach.db")
runs = os.path.join(work, "attach.runs")
command = [kmatrix, "--db", database, "attach"]


def execute(sql, *values):
    with sqlite3.connect(database) as store:
        store.execute(sql, values)


def make_database():
    subprocess.run([sys.executable, os.path.join(here, "../empty_store.py"), database], check=True)
    store = sqlite3.connect(database)
    with open(os.path.join(here, "stored.sql")) as rows:
        store.executescript(rows.read())
    store.commit()
    store.close()
    execute("UPDATE run SET folder = ?", runs)


class Run:
    """Run 2, as far as another process can see."""

    folder = os.path.join(runs, "2")

    def __init__(self):
        os.makedirs(self.folder, exist_ok=True)
        self.lock = open(os.path.join(self.folder, "lock"), "a")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        for name in os.listdir(self.folder):
            if name != "lock":
                os.remove(os.path.join(self.folder, name))
        execute("UPDATE run SET state = 'running', finished = '' WHERE id = 2")

    def tell(self, **record):
        with open(os.path.join(self.folder, "progress.jsonl"), "a") as lines:
            lines.write(json.dumps(record) + "\n")

    def board(self, objects):
        record = {"at": time.time(), "done": 1, "failed": 0, "total": 4, "elapsed_s": 100,
                  "left_s": 500, "boots": [],
                  "builds": [{"kernel": "v1/base/cfi", "objects": objects, "expected": 600,
                              "seconds": 60}]}
        with open(os.path.join(self.folder, "new"), "w") as file:
            json.dump(record, file)
        os.rename(file.name, os.path.join(self.folder, "live.json"))

    def end(self, code):
        execute("UPDATE run SET state = 'done', finished = '2026-01-31T13:05:00Z' WHERE id = 2")
        os.remove(os.path.join(self.folder, "live.json"))
        self.tell(exit_code=code, error="")
        self.lock.close()

    def die(self):
        self.lock.close()


class Attached:
    def __init__(self, *arguments):
        self.error = open(os.path.join(work, "stderr"), "w+")
        self.process = subprocess.Popen([*command, *arguments], text=True, stderr=self.error,
                                        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)

    def said(self):
        with open(self.error.name) as file:
            return file.read()

    def expect(self, text):
        end = time.monotonic() + 30
        while text not in self.said():
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit(f"FAILED: expected {text!r}, saw {self.said()!r}")
            time.sleep(0.05)

    def ends(self, code, *texts):
        out, _ = self.process.communicate(timeout=60)
        seen = out + self.said()
        if self.process.returncode != code or any(text not in seen for text in texts):
            sys.exit(f"FAILED: expected {code} and {texts}, saw {self.process.returncode}: {seen}")
        if "\x1b" in seen:
            sys.exit(f"FAILED: escapes outside of a terminal: {seen!r}")


Attached().ends(2, "no results database")
assert not os.path.exists(database), "a database is made by looking at it"
make_database()
Attached().ends(2, "run 2 is not going on: it is done (`kmatrix show 2`")
Attached("7").ends(2, "no run 7")
execute("UPDATE run SET state = 'running' WHERE id = 1")
Attached("1").ends(2, "run 1 is not going on: it is interrupted", "`kmatrix run --resume 1`")

# A line a finished job, the summary, and the run's own exit code.
run = Run()
run.tell(text="==> run 2 goes on: 1 of 2 kernels and 0 of 2 cells are finished")
attached = Attached()
attached.expect("==> run 2 goes on")
run.board(10)
run.tell(text="[1/4] ", word="built      ", tone="plain", rest=" v1/base/cfi  600 objects")
attached.expect("[1/4] built       v1/base/cfi  600 objects")
run.tell(text="[2/4] ", word="failed     ", tone="bad", rest=" v1/base/cfi/tcg/boot \x1b[2J")
attached.expect("[2/4] failed      v1/base/cfi/tcg/boot \\x1b[2J")
run.end(1)
attached.ends(1, "run 2 (demo) done after 5 min 00 s: not good", "1 passed, 1 failed")

# Whoever leaves leaves the run alone.
run = Run()
for name in (signal.SIGINT, signal.SIGTERM):
    attached = Attached("2")
    attached.expect("==> run 2 of demo, in another process")
    attached.process.send_signal(name)
    attached.ends(130, "kmatrix: detached; run 2 goes on", "attach 2")

# Its process is killed.
attached = Attached("latest")
attached.expect("==> run 2")
run.board(20)
run.die()
attached.ends(130, "run 2 was interrupted: its process is gone", "run --resume 2")

# On a terminal: the board, drawn again and again, with the lines above it.
run = Run()
run.board(300)
screen = Screen(work)
screen.run(" ".join(shlex.quote(word) for word in command))
screen.expect("[1/4] 1 min 4", "so far, about 8 min", "  build  v1/base/cfi  300/600 objects, 1 min")
run.tell(text="[2/4] ", word="passed     ", tone="good", rest=" v1/base/small/tcg/boot  1 passed")
run.board(456)
seen = screen.expect("[2/4] passed      v1/base/small/tcg/boot", "456/600 objects")
assert seen.index("[2/4] passed") < seen.index("456/600"), seen
assert "300/600" not in seen, seen
assert "\x1b[32mpassed" in screen.seen(colours=True), screen.seen(colours=True)
screen.resize(30, 5)
screen.expect("456/600")
screen.resize(100, 24)
run.end(1)
seen = screen.expect_end(1, "run 2 (demo) done after 5 min 00 s")
assert "456/600" not in seen, seen
screen.close()
print("good")
