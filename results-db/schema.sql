-- SPDX-License-Identifier: GPL-2.0-or-later
-- The newest schema of the results database, to read: what the numbered files in migrations/ make
-- of an empty file. A test compares the two; the program itself runs the migrations alone.
--
-- SQLite, in WAL mode. PRAGMA user_version is the number of the last migration, application_id is
-- "kmtx". Empty text means none. Durations are in seconds. Text is valid UTF-8 without NUL; much
-- of it comes from guests and is to be escaped when shown.

PRAGMA application_id = 1802335352;

-- The text of an experiment, once for each different one.
CREATE TABLE experiment (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,  -- of the text
  name   TEXT NOT NULL,
  file   TEXT NOT NULL,  -- that it was read from
  text   TEXT NOT NULL,
  UNIQUE (digest, name, file)
) STRICT;

-- One execution of an experiment. Numbers are never used twice.
CREATE TABLE run (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment      INTEGER NOT NULL REFERENCES experiment (id),
  started         TEXT NOT NULL,  -- times are ISO 8601 in UTC
  finished        TEXT NOT NULL,  -- '' while it runs
  state           TEXT NOT NULL,
  host            TEXT NOT NULL,
  kmatrix_version TEXT NOT NULL,
  folder          TEXT NOT NULL,  -- with logs and outputs
  selection       TEXT NOT NULL DEFAULT '',  -- JSON: what its command line asked for
  rerun_of        INTEGER NOT NULL DEFAULT 0,  -- the run that it repeats something of; 0: none
  CONSTRAINT known_run_state CHECK (state IN ('running', 'done', 'interrupted', 'failed')),
  CONSTRAINT started_in_utc CHECK (started GLOB '????-??-??T??:??:??Z'),
  CONSTRAINT finished_in_utc CHECK (finished = '' OR finished GLOB '????-??-??T??:??:??Z')
) STRICT;
CREATE INDEX run_by_experiment ON run (experiment);

-- The text of a final .config, once for each different one: runs repeat it.
CREATE TABLE kernel_config (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,  -- of the text
  text   TEXT NOT NULL
) STRICT;

-- Who asked for what in a kernel's config, once for each different set.
CREATE TABLE config_request (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,  -- of the text
  text   TEXT NOT NULL          -- JSON: [{symbol, value, asked_by, at}]
) STRICT;

-- What a (tree, series, config, toolchain) builds. Names are unique in a run.
CREATE TABLE kernel (
  id               INTEGER PRIMARY KEY,
  run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name             TEXT NOT NULL,  -- tree/series/config, and more where that is not enough
  tree             TEXT NOT NULL,
  series           TEXT NOT NULL,
  config           TEXT NOT NULL,
  arch             TEXT NOT NULL,
  tree_description TEXT NOT NULL,  -- where the tree came from, with its version
  tree_digest      TEXT NOT NULL,
  series_digest    TEXT NOT NULL,  -- '' for base
  compiler         TEXT NOT NULL,  -- version lines of compiler and linker
  recipe_key       TEXT NOT NULL,  -- digest of what was asked for
  kernel_key       TEXT NOT NULL,  -- content address of the artefact; '' if unknown
  kernel_config    INTEGER REFERENCES kernel_config (id),  -- NULL before it is known
  why              TEXT NOT NULL,  -- it was built, or could be taken from the cache
  state            TEXT NOT NULL,
  first_error      TEXT NOT NULL,  -- of a failed build
  log              TEXT NOT NULL,  -- path of the build's log
  release          TEXT NOT NULL,  -- as uname says it
  objects          INTEGER NOT NULL,  -- compiled, assembled or fetched from ccache
  seconds          REAL NOT NULL,
  config_request   INTEGER REFERENCES config_request (id),  -- NULL: not recorded
  series_description TEXT NOT NULL DEFAULT '',  -- which patches it had; '' for base
  signature        TEXT NOT NULL DEFAULT '',  -- digest of what a machine loads; '' if not built
  UNIQUE (run, name),
  UNIQUE (id, run),
  CONSTRAINT known_kernel_state CHECK (state IN ('planned', 'cached', 'built', 'failed')),
  CONSTRAINT kernel_measures CHECK (objects >= 0 AND seconds >= 0)
) STRICT;
CREATE INDEX kernel_by_config ON kernel (kernel_config);
CREATE INDEX kernel_by_request ON kernel (config_request);
CREATE INDEX kernel_by_key ON kernel (kernel_key) WHERE kernel_key <> '';

-- A kernel on a machine with a suite; the kernel is one of the same run.
CREATE TABLE cell (
  id                 INTEGER PRIMARY KEY,
  run                INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kernel             INTEGER NOT NULL,
  name               TEXT NOT NULL,  -- tree/series/config/machine/suite
  machine            TEXT NOT NULL,
  suite              TEXT NOT NULL,
  state              TEXT NOT NULL,
  reason             TEXT NOT NULL,  -- for any state but done, in one line
  explanation        TEXT NOT NULL,  -- more lines, such as Kconfig's account
  command_line       TEXT NOT NULL,  -- of the kernel
  machine_xml        TEXT NOT NULL,  -- libvirt's domain
  folder             TEXT NOT NULL,  -- with console-N.log and case outputs
  boot_seconds       REAL NOT NULL,
  seconds            REAL NOT NULL,
  expect_unavailable INTEGER NOT NULL,
  cell_key           TEXT NOT NULL DEFAULT '',     -- digest of all that the results depend on
  reused_run         INTEGER NOT NULL DEFAULT 0,   -- the run that made the results; 0: this one
  why                TEXT NOT NULL DEFAULT '',     -- it ran, or did not
  inputs             TEXT NOT NULL DEFAULT '',     -- JSON: [[name, value]], what cell_key digests
  accel              TEXT NOT NULL DEFAULT '',     -- that was used: tcg or kvm; '' if never booted
  accel_reason       TEXT NOT NULL DEFAULT '',     -- where it was left to us to choose
  slowness           REAL NOT NULL DEFAULT 0 CHECK (slowness >= 0),  -- measured at boot; 0: not
  notes              TEXT NOT NULL DEFAULT '',     -- lines: first tries that failed through us...
  ignore_key         TEXT NOT NULL DEFAULT '',     -- digest of the ignore entries that mean it
  identity           TEXT NOT NULL DEFAULT '',     -- digest of all that its machine gets to see
  identical_to       TEXT NOT NULL DEFAULT '',     -- cell of the run that has its results; '': none
  UNIQUE (run, name),
  FOREIGN KEY (kernel, run) REFERENCES kernel (id, run) ON DELETE CASCADE,
  CONSTRAINT known_cell_state CHECK (state IN
    ('planned', 'done', 'unavailable', 'blocked', 'infra_error', 'interrupted')),
  CONSTRAINT cell_measures CHECK (boot_seconds >= 0 AND seconds >= 0),
  CONSTRAINT expect_unavailable_is_a_flag CHECK (expect_unavailable IN (0, 1))
) STRICT;
CREATE INDEX cell_by_kernel ON cell (kernel, run);
CREATE INDEX cell_by_key ON cell (cell_key) WHERE cell_key <> '';
CREATE INDEX cell_by_name ON cell (name);
CREATE INDEX cell_by_suite ON cell (suite, run);

-- The outcome of a case in a cell. A planned case is `missing` until it has another.
CREATE TABLE case_result (
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  raw        TEXT NOT NULL,  -- the runner's own word
  message    TEXT NOT NULL,  -- one line, for people
  seconds    REAL NOT NULL,
  boot       INTEGER NOT NULL,  -- which console-N.log
  first_line INTEGER NOT NULL,  -- in that log, from 1; 0: none
  last_line  INTEGER NOT NULL,
  output     TEXT NOT NULL,  -- path of what its process printed
  argv       TEXT NOT NULL,  -- JSON array
  errno      INTEGER NOT NULL DEFAULT 0,  -- that was named as the cause of a failure; 0: none
  UNIQUE (cell, name),
  CONSTRAINT known_outcome CHECK (outcome IN
    ('passed', 'failed', 'skipped', 'xfailed', 'unresolved', 'timed_out', 'crashed', 'missing',
     'blocked', 'infra_error')),
  CONSTRAINT case_measures CHECK
    (seconds >= 0 AND boot >= 0 AND first_line >= 0 AND last_line >= 0)
) STRICT;

-- Every name that a case of a suite ever had, so that its history is found by the cells of the suite.
-- It may name cases that no cell has any more.
CREATE TABLE suite_case (
  name  TEXT NOT NULL,
  suite TEXT NOT NULL,
  PRIMARY KEY (name, suite)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_result_names_a_case AFTER INSERT ON case_result
WHEN NOT EXISTS (SELECT 1 FROM suite_case
                 WHERE name = NEW.name AND suite = (SELECT suite FROM cell WHERE id = NEW.cell))
BEGIN
  INSERT INTO suite_case (name, suite) SELECT NEW.name, suite FROM cell WHERE id = NEW.cell;
END;

-- One report in the log of a cell's kernel.
CREATE TABLE incident (
  id                INTEGER PRIMARY KEY,
  cell              INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  case_name         TEXT NOT NULL,  -- that was running; '' for none
  kind              TEXT NOT NULL,
  title             TEXT NOT NULL,  -- the same for the same fault: no addresses, counts or times
  text              TEXT NOT NULL,  -- the lines as printed
  boot              INTEGER NOT NULL,  -- which console-N.log
  first_line        INTEGER NOT NULL,  -- in that log, from 1
  cfi_caller        TEXT NOT NULL,  -- of CFI failures only, like the next two
  cfi_target        TEXT NOT NULL,
  cfi_expected_type TEXT NOT NULL,
  ignored           TEXT NOT NULL DEFAULT '',  -- why it does not count; '': it does
  CONSTRAINT known_incident_kind CHECK (kind IN
    ('cfi', 'oops', 'bug', 'warning', 'stall', 'panic', 'reboot', 'kasan', 'lockdep', 'hung_task',
     'other')),
  CONSTRAINT incident_measures CHECK (boot >= 0 AND first_line >= 0)
) STRICT;
CREATE INDEX incident_by_cell ON incident (cell);

-- What one process spent on a run: the one that began it, and each that resumed it. A process that
-- was killed has no row.
CREATE TABLE effort (
  id               INTEGER PRIMARY KEY,
  run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  started          TEXT NOT NULL,
  wall_seconds     REAL NOT NULL,
  cpu_seconds      REAL NOT NULL,  -- with compilers and machines
  cores            INTEGER NOT NULL,
  critical_seconds REAL NOT NULL,  -- of the longest chain of jobs
  critical_path    TEXT NOT NULL,  -- JSON array of {name, seconds}
  CONSTRAINT effort_started_in_utc CHECK (started GLOB '????-??-??T??:??:??Z'),
  CONSTRAINT effort_measures CHECK
    (wall_seconds >= 0 AND cpu_seconds >= 0 AND cores > 0 AND critical_seconds >= 0)
) STRICT;
CREATE INDEX effort_by_run ON effort (run);


-- What the experiment promised, and whether it held in the run; made anew each time that it ends.
CREATE TABLE claim (
  id       INTEGER PRIMARY KEY,
  run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,  -- in the file, from 0
  text     TEXT NOT NULL,
  place    TEXT NOT NULL,  -- FILE:LINE:COLUMN
  state    TEXT NOT NULL,
  basis    TEXT NOT NULL,  -- what it was looked for in
  evidence TEXT NOT NULL,  -- JSON: {against: [{where, what, found, detail}], missing: [...]}
  UNIQUE (run, position),
  CONSTRAINT known_claim_state CHECK (state IN ('holds', 'does not hold', 'undecided'))
) STRICT;

-- What a case that is not the same in all cells of a run came to; made anew likewise.
CREATE TABLE verdict (
  id        INTEGER PRIMARY KEY,
  run       INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  suite     TEXT NOT NULL,
  case_name TEXT NOT NULL,  -- or "incident KIND: TITLE"
  verdict   TEXT NOT NULL,  -- docs/attribution.md lists them
  scope     TEXT NOT NULL,  -- "fails only on clang-cfi without direct-calls"
  counts    TEXT NOT NULL,  -- "0 of 3 against 3 of 3"
  UNIQUE (run, suite, case_name)
) STRICT;

-- The further runs of a case in a cell, which make its verdict sure; its result is that of the first.
CREATE TABLE case_rerun (
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  attempt    INTEGER NOT NULL,  -- from 2
  outcome    TEXT NOT NULL,     -- this and all that follows as in case_result
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
