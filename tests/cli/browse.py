#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: browse.py KMATRIX FOLDER

Uses `kmatrix browse` in tmux as a person does, on a database that is made here."""
import os
import re
import shlex
import sqlite3
import subprocess
import sys

from tmux import Screen

kmatrix, work = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
database = os.path.join(work, "browse.db")
program = f"{shlex.quote(kmatrix)} --db {shlex.quote(database)}"


def make_database():
    subprocess.run([sys.executable, os.path.join(here, "../empty_store.py"), database], check=True)
    store = sqlite3.connect(database)
    with open(os.path.join(here, "stored.sql")) as rows:
        store.executescript(rows.read())
    folder = os.path.join(work, "cell")
    os.makedirs(folder)
    with open(os.path.join(folder, "console-1.log"), "wb") as log:
        for number in range(1, 201):
            log.write(b"[ %d] line %d\r\n" % (number, number))
        log.write(b"evil \x1b[2J\x1b]0;title\x07 \xff \xe2\x80\xae end\r\nneedle in the hay\r\n")
    store.execute("UPDATE cell SET folder = ? WHERE id IN (3, 4)", (folder,))
    store.execute("UPDATE case_result SET first_line = 150, last_line = 202 WHERE cell = 3")
    store.commit()
    store.close()


def refuses(text, *arguments, **options):
    ended = subprocess.run([kmatrix, "--db", database, "browse", *arguments], text=True,
                           capture_output=True, timeout=60, **options)
    if ended.returncode != 2 or text not in ended.stderr or ended.stdout:
        sys.exit(f"FAILED: browse {arguments}: {ended}")


make_database()
refuses("browse needs a terminal: stdin is none (`kmatrix show` prints", stdin=subprocess.DEVNULL)

screen = Screen(work)
screen.run(f"stty -g >{work}/before; export NO_COLOR=1")
screen.expect_end(0)

# Runs, cells, cases, log.
screen.run(f"{program} browse")
seen = screen.expect("kmatrix > runs", "2    demo", "1    demo", "1/2", "? keys")
assert "ended with" not in seen, seen
assert not re.search("\x1b\\[[0-9;]*3[0-7]m", screen.seen(colours=True)), screen.seen(colours=True)
screen.press("Enter")
seen = screen.expect("kmatrix > run 2 demo (done)")
assert re.search(r"\*  x  v1/base/cfi/tcg/boot +3\.0 s  1 failed\n"
                 r"\*  \+  v1/base/small/tcg/boot +3\.0 s  1 passed \(in run 1\)", seen), seen
screen.press("Enter")
screen.expect("run 2 demo (done) > v1/base/cfi/tcg/boot",
              "*  x  failed   boot  0.10 s  1 passed   uname ended with exit code 1")
screen.press("Enter")
screen.expect("--- boot: failed: uname ended with exit code 1", "--- console, lines 150 to 202",
              "[ 150] line 150")

# Search; what a guest wrote does nothing.
screen.press("G")
screen.expect(r"evil \x1b[2J\x1b]0;title\x07 \xff ? end", "needle in the hay")
screen.type("/line 17")
screen.expect("/line 17")
screen.press("Enter")
screen.expect("went on at the top")
screen.type("n")
screen.expect_gone("[ 170] line 170")
screen.expect("[ 171] line 171")
screen.type("/no such thing")
screen.press("Enter")
screen.expect("not found: no such thing")

# The whole log of the cell, back, and compare.
screen.type("o")
screen.expect("log of v1/base/cfi/tcg/boot", "[ 1] line 1")
screen.press("q", "Escape")
screen.expect("uname ended", "1/1")
screen.press("BSpace")
screen.expect("1/2")
screen.type("c")
screen.expect("> compare by", "config  cfi, small")
screen.press("Enter")
screen.expect("> by config", "*  boot  failed  passed  cfi: uname ended with exit code 1",
              "1 case differs, 0 the same")
screen.type("?")
screen.expect("> keys", "PgUp, PgDn")

# Any size.
for width, height in ((20, 5), (1, 1), (10, 2), (200, 60)):
    screen.resize(width, height)
screen.expect("+ passed")
screen.resize(20, 5)
screen.expect("keys")
screen.type("qqqq")
screen.resize(100, 24)
screen.expect("kmatrix > runs")
screen.press("q")
screen.expect_end(0)


def terminal_is_as_before():
    screen.run(f"stty -g | cmp - {work}/before")
    screen.expect_end(0)


terminal_is_as_before()

# Other ways to end.
for end in ("C-c", "TERM", "HUP"):
    screen.run(f"{program} browse 2")
    screen.expect("run 2 demo (done)")
    if end == "C-c":
        screen.press("C-c")
    else:
        pane = screen.tmux("display-message", "-p", "#{pane_pid}").strip()
        subprocess.run(["pkill", f"-{end}", "-P", pane], check=True)
    screen.expect_end(130)
    terminal_is_as_before()

# Colours where they are welcome.
screen.run(f"env -u NO_COLOR {program} browse latest")
screen.expect("run 2 demo (done)")
assert re.search("\x1b\\[[0-9;]*31m", screen.seen(colours=True)), screen.seen(colours=True)
screen.type("Q")
screen.expect_end(0)

# Wrong input.
screen.run(f"{program} browse 7")
screen.expect_end(2, "kmatrix: error: no run 7 in the results database")
screen.run(f"TERM=dumb {program} browse")
screen.expect_end(2, "kmatrix: error: browse needs a terminal: this one cannot")
screen.run(f"TERM=no-such-thing {program} browse")
screen.expect_end(2, "kmatrix: error: browse needs a terminal: the TERM")
screen.run(f"{shlex.quote(kmatrix)} --db {work}/none.db browse")
screen.expect_end(2, "kmatrix: error: no results database")
assert not os.path.exists(f"{work}/none.db"), "a database was made"
screen.close()
print("good")
