-- SPDX-License-Identifier: GPL-2.0-or-later
-- What each process that worked on a run spent on it.

CREATE TABLE effort (
  id               INTEGER PRIMARY KEY,
  run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  started          TEXT NOT NULL,
  wall_seconds     REAL NOT NULL,
  cpu_seconds      REAL NOT NULL,
  cores            INTEGER NOT NULL,
  critical_seconds REAL NOT NULL,
  critical_path    TEXT NOT NULL,
  CONSTRAINT effort_started_in_utc CHECK (started GLOB '????-??-??T??:??:??Z'),
  CONSTRAINT effort_measures CHECK
    (wall_seconds >= 0 AND cpu_seconds >= 0 AND cores > 0 AND critical_seconds >= 0)
) STRICT;
CREATE INDEX effort_by_run ON effort (run);
