#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: empty_store.py FILE
# Makes a results database without runs, as the program does: by the migrations.
import pathlib
import sqlite3
import sys

migrations = sorted((pathlib.Path(__file__).resolve().parent.parent / "results-db/migrations").glob("*.sql"))
database = sqlite3.connect(sys.argv[1])
for file in migrations:
    database.executescript(file.read_text())
database.execute(f"PRAGMA user_version = {len(migrations)}")
database.commit()
