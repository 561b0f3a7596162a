-- SPDX-License-Identifier: GPL-2.0-or-later
-- What the experiment promised and whether it held; verdicts; the further runs of a case.

CREATE TABLE claim (
  id       INTEGER PRIMARY KEY,
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  text     TEXT NOT NULL,
  place    TEXT NOT NULL,
  state    TEXT NOT NULL,
  basis    TEXT NOT NULL,
  evidence TEXT NOT NULL,
  UNIQUE (run, position),
  CONSTRAINT known_claim_state CHECK (state IN ('holds', 'does not hold', 'undecided'))
) STRICT;

CREATE TABLE verdict (
  id        INTEGER PRIMARY KEY,
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  suite     TEXT NOT NULL,
  case_name TEXT NOT NULL,
  verdict   TEXT NOT NULL,
  scope     TEXT NOT NULL,
  counts    TEXT NOT NULL,
  UNIQUE (run, suite, case_name)
) STRICT;

CREATE TABLE case_rerun (
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  attempt    INTEGER NOT NULL,
  outcome    TEXT NOT NULL,
  raw        TEXT NOT NULL,
  message    TEXT NOT NULL,
  errno      INTEGER NOT NULL,
  seconds    REAL NOT NULL,
  boot       INTEGER NOT NULL,
  first_line INTEGER NOT NULL,
  last_line  INTEGER NOT NULL,
  output     TEXT NOT NULL,
  argv       TEXT NOT NULL,
  UNIQUE (cell, name, attempt),
  CONSTRAINT known_rerun_outcome CHECK (outcome IN
    ('passed', 'failed', 'skipped', 'xfailed', 'unresolved', 'timed_out', 'crashed', 'missing',
     'blocked', 'infra_error')),
  CONSTRAINT rerun_measures CHECK
    (attempt > 1 AND seconds >= 0 AND boot >= 0 AND first_line >= 0 AND last_line >= 0)
) STRICT;
