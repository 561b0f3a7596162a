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
  exit_code       INTEGER CHECK (exit_code BETWEEN 0 AND 255),  -- 0: all good; NULL: not known
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

-- What is built for the cells of a kernel and a suite besides the kernel.
CREATE TABLE selftests (
  id          INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL,
  kernel      INTEGER NOT NULL,
  suite       TEXT NOT NULL,
  state       TEXT NOT NULL,
  first_error TEXT NOT NULL,  -- of a failed build
  log         TEXT NOT NULL,  -- path of that build's log
  seconds     REAL NOT NULL CHECK (seconds >= 0),
  UNIQUE (kernel, suite),
  FOREIGN KEY (kernel, run) REFERENCES kernel (id, run) ON DELETE CASCADE,
  CONSTRAINT known_selftests_state CHECK (state IN ('cached', 'built', 'failed'))
) STRICT;
CREATE INDEX selftests_by_run ON selftests (run);


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

-- The views that dashboards and other readers build on (docs/dashboards.md). A column keeps its name
-- and its meaning.

CREATE VIEW result AS
SELECT case_result.id AS result_id, cell.id AS cell_id, cell.run AS run,
       experiment.name AS experiment, run.started AS started, cell.name AS cell,
       kernel.name AS kernel, kernel.name || '/' || cell.machine AS place, kernel.tree AS tree,
       kernel.series AS series, kernel.config AS config, kernel.arch AS arch,
       cell.machine AS machine, cell.accel AS accel, cell.suite AS suite,
       case_result.name AS case_name, case_result.outcome AS outcome, case_result.raw AS raw,
       case_result.message AS message, case_result.errno AS errno,
       case_result.seconds AS seconds, case_result.boot AS boot,
       case_result.first_line AS first_line, case_result.last_line AS last_line,
       cell.reused_run AS reused_run, cell.identical_to AS identical_to,
       case_result.outcome IN ('failed', 'unresolved', 'timed_out', 'crashed') AS bad,
       case_result.outcome IN ('missing', 'blocked', 'infra_error') AS unknown
FROM cell JOIN run ON run.id = cell.run
          JOIN experiment ON experiment.id = run.experiment
          JOIN kernel ON kernel.id = cell.kernel
          JOIN case_result ON case_result.cell = cell.id;

CREATE VIEW cell_result AS
SELECT cell.id AS cell_id, cell.run AS run, experiment.name AS experiment,
       run.started AS started, cell.name AS cell, kernel.name AS kernel,
       kernel.name || '/' || cell.machine AS place, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, kernel.arch AS arch, cell.machine AS machine,
       cell.accel AS accel, cell.suite AS suite, cell.state AS state, cell.reason AS reason,
       cell.expect_unavailable AS expect_unavailable, cell.boot_seconds AS boot_seconds,
       cell.seconds AS seconds, cell.slowness AS slowness, cell.reused_run AS reused_run,
       cell.identical_to AS identical_to, cell.why AS why,
       count(case_result.id) AS results,
       coalesce(sum(case_result.outcome = 'passed'), 0) AS passed,
       coalesce(sum(case_result.outcome = 'failed'), 0) AS failed,
       coalesce(sum(case_result.outcome = 'skipped'), 0) AS skipped,
       coalesce(sum(case_result.outcome = 'xfailed'), 0) AS xfailed,
       coalesce(sum(case_result.outcome = 'unresolved'), 0) AS unresolved,
       coalesce(sum(case_result.outcome = 'timed_out'), 0) AS timed_out,
       coalesce(sum(case_result.outcome = 'crashed'), 0) AS crashed,
       coalesce(sum(case_result.outcome = 'missing'), 0) AS missing,
       coalesce(sum(case_result.outcome = 'blocked'), 0) AS blocked,
       coalesce(sum(case_result.outcome = 'infra_error'), 0) AS infra_error,
       (SELECT count(*) FROM incident WHERE incident.cell = cell.id AND incident.ignored = '')
         AS incidents
FROM cell JOIN run ON run.id = cell.run
          JOIN experiment ON experiment.id = run.experiment
          JOIN kernel ON kernel.id = cell.kernel
          LEFT JOIN case_result ON case_result.cell = cell.id
GROUP BY cell.id;

-- WHERE run >= :x with a parameter or a number is fast: it goes into the view.
CREATE VIEW run_summary AS
SELECT run.id AS run, experiment.name AS experiment, run.started AS started,
       run.finished AS finished, run.state AS state, run.host AS host,
       run.rerun_of AS rerun_of,
       CASE WHEN run.finished <> ''
            THEN strftime('%s', run.finished) - strftime('%s', run.started) END AS seconds,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id) AS cells,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'done') AS cells_done,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'blocked')
         AS cells_blocked,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'infra_error')
         AS cells_infra_error,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id) AS kernels,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'built') AS built,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'cached') AS cached,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'failed')
         AS builds_failed,
       (SELECT count(*) FROM claim WHERE claim.run = run.id) AS claims,
       (SELECT count(*) FROM claim WHERE claim.run = run.id AND claim.state = 'holds')
         AS claims_hold,
       (SELECT count(*) FROM claim WHERE claim.run = run.id AND claim.state = 'does not hold')
         AS claims_broken,
       (SELECT count(*) FROM cell AS c JOIN incident ON incident.cell = c.id
        WHERE c.run = run.id AND incident.ignored = '') AS incidents,
       count(case_result.id) AS results,
       coalesce(sum(case_result.outcome = 'passed'), 0) AS passed,
       coalesce(sum(case_result.outcome = 'failed'), 0) AS failed,
       coalesce(sum(case_result.outcome = 'skipped'), 0) AS skipped,
       coalesce(sum(case_result.outcome = 'xfailed'), 0) AS xfailed,
       coalesce(sum(case_result.outcome = 'unresolved'), 0) AS unresolved,
       coalesce(sum(case_result.outcome = 'timed_out'), 0) AS timed_out,
       coalesce(sum(case_result.outcome = 'crashed'), 0) AS crashed,
       coalesce(sum(case_result.outcome = 'missing'), 0) AS missing,
       coalesce(sum(case_result.outcome = 'blocked'), 0) AS blocked,
       coalesce(sum(case_result.outcome = 'infra_error'), 0) AS infra_error
FROM run JOIN experiment ON experiment.id = run.experiment
         LEFT JOIN cell ON cell.run = run.id
         LEFT JOIN case_result ON case_result.cell = cell.id
GROUP BY run.id;

-- What became of a case since the cell of this name ran the last time in the same experiment. What
-- was taken over from an earlier run is no news.
CREATE VIEW change AS
WITH pair (cell_id, before_id, same_inputs) AS MATERIALIZED (
  SELECT now.id, before.id, now.cell_key <> '' AND now.cell_key = before.cell_key
  FROM cell AS now JOIN cell AS before ON before.id = (
    SELECT earlier.id FROM cell AS earlier
    JOIN run AS earlier_run ON earlier_run.id = earlier.run
    JOIN experiment AS earlier_experiment ON earlier_experiment.id = earlier_run.experiment
    WHERE earlier.name = now.name AND earlier.run < now.run
      AND earlier_experiment.name = (
        SELECT experiment.name FROM run JOIN experiment ON experiment.id = run.experiment
        WHERE run.id = now.run)
    ORDER BY earlier.run DESC LIMIT 1)
  WHERE now.reused_run = 0 AND now.identical_to = '')
SELECT after.id AS result_id, cell.id AS cell_id, cell.run AS run, before_cell.run AS before_run,
       cell.name AS cell, cell.suite AS suite, after.name AS case_name, was.outcome AS before,
       after.outcome AS outcome, after.message AS message, pair.same_inputs AS same_inputs,
       CASE WHEN was.outcome IN ('missing', 'blocked', 'infra_error')
              OR after.outcome IN ('missing', 'infra_error') THEN 'no outcome'
            WHEN after.outcome NOT IN ('passed', 'skipped', 'xfailed')
             AND was.outcome IN ('passed', 'skipped', 'xfailed') THEN 'new failure'
            WHEN after.outcome IN ('passed', 'skipped', 'xfailed')
             AND was.outcome NOT IN ('passed', 'skipped', 'xfailed') THEN 'fix'
            ELSE 'other' END AS kind
FROM cell CROSS JOIN pair ON pair.cell_id = cell.id
          CROSS JOIN cell AS before_cell ON before_cell.id = pair.before_id
          CROSS JOIN case_result AS after ON after.cell = cell.id
          CROSS JOIN case_result AS was ON was.cell = pair.before_id AND was.name = after.name
WHERE after.outcome <> was.outcome;

-- A case that did both although nothing that it depends on had changed: in its further runs, or
-- since the last time.
CREATE VIEW flake AS
SELECT case_result.id AS result_id, cell.id AS cell_id, cell.run AS run, cell.name AS cell,
       cell.suite AS suite, case_result.name AS case_name, case_result.outcome AS outcome,
       case_rerun.outcome AS other_outcome, 'in one run' AS seen
FROM case_rerun JOIN cell ON cell.id = case_rerun.cell
                JOIN case_result ON case_result.cell = cell.id
                                AND case_result.name = case_rerun.name
WHERE case_rerun.outcome <> case_result.outcome
  AND case_rerun.outcome NOT IN ('missing', 'blocked', 'infra_error')
  AND case_result.outcome NOT IN ('missing', 'blocked', 'infra_error')
UNION
SELECT result_id, cell_id, run, cell, suite, case_name, outcome, before, 'since the last run'
FROM change WHERE same_inputs AND kind <> 'no outcome' AND outcome <> 'blocked';

CREATE VIEW incident_report AS
SELECT incident.id AS incident_id, cell.id AS cell_id, cell.run AS run, run.started AS started,
       cell.name AS cell, kernel.tree AS tree, kernel.series AS series, kernel.config AS config,
       cell.machine AS machine, cell.suite AS suite, incident.case_name AS case_name,
       incident.kind AS kind, incident.title AS title, incident.text AS text,
       incident.boot AS boot, incident.first_line AS first_line, incident.ignored AS ignored
FROM incident JOIN cell ON cell.id = incident.cell
              JOIN run ON run.id = cell.run
              JOIN kernel ON kernel.id = cell.kernel;

-- Incidents by title. What was taken over from an earlier run is no observation of its own.
CREATE VIEW incident_seen AS
SELECT incident.kind AS kind, incident.title AS title, max(incident.ignored) AS ignored,
       count(*) AS reports, count(DISTINCT cell.run) AS runs,
       count(DISTINCT cell.name) AS cells, min(cell.run) AS first_run, max(cell.run) AS last_run,
       min(run.started) AS first_started, max(run.started) AS last_started,
       max(incident.id) AS last_incident_id, max(cell.id) AS last_cell_id
FROM incident JOIN cell ON cell.id = incident.cell JOIN run ON run.id = cell.run
WHERE cell.reused_run = 0 AND cell.identical_to = ''
GROUP BY incident.kind, incident.title;

CREATE VIEW build AS
SELECT kernel.id AS kernel_id, kernel.run AS run, run.started AS started, run.host AS host,
       kernel.name AS kernel, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, kernel.arch AS arch, kernel.state AS state,
       kernel.state = 'cached' AS cached, kernel.seconds AS seconds, kernel.objects AS objects,
       (length(kernel_config.text) - length(replace(kernel_config.text, '=y', '='))) AS built_in,
       (length(kernel_config.text) - length(replace(kernel_config.text, '=m', '='))) AS modules,
       kernel.release AS release, kernel.compiler AS compiler, kernel.why AS why,
       kernel.first_error AS first_error, kernel.signature AS signature
FROM kernel JOIN run ON run.id = kernel.run
            LEFT JOIN kernel_config ON kernel_config.id = kernel.kernel_config;

CREATE VIEW selftests_build AS
SELECT selftests.run AS run, run.started AS started, run.host AS host, kernel.id AS kernel_id,
       kernel.name AS kernel, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, selftests.suite AS suite, selftests.state AS state,
       selftests.state = 'cached' AS cached, selftests.seconds AS seconds,
       selftests.first_error AS first_error
FROM selftests JOIN run ON run.id = selftests.run JOIN kernel ON kernel.id = selftests.kernel;

CREATE VIEW boot AS
SELECT cell.id AS cell_id, cell.run AS run, run.started AS started, run.host AS host,
       cell.name AS cell, kernel.tree AS tree, kernel.series AS series, kernel.config AS config,
       kernel.arch AS arch, cell.machine AS machine, cell.accel AS accel, cell.suite AS suite,
       cell.boot_seconds AS boot_seconds, cell.slowness AS slowness
FROM cell JOIN run ON run.id = cell.run JOIN kernel ON kernel.id = cell.kernel
WHERE cell.boot_seconds > 0 AND cell.reused_run = 0 AND cell.identical_to = '';

CREATE VIEW claim_result AS
SELECT run, position, text, place AS at, state, basis, evidence FROM claim;

CREATE VIEW verdict_result AS
SELECT run, suite, case_name, verdict, scope, counts FROM verdict;

-- Each case under a series beside the same case under base: same tree, config, machine and suite.
-- A side without a result has the state of its cell.
CREATE VIEW effect AS
SELECT cell.run AS run, kernel.series AS series, kernel.tree AS tree, kernel.config AS config,
       cell.machine AS machine, cell.suite AS suite, now.name AS case_name,
       coalesce(was.outcome, base_cell.state) AS base, now.outcome AS with_series,
       base_cell.id AS base_cell_id, cell.id AS cell_id, was.id AS base_result_id,
       now.id AS result_id
FROM cell JOIN kernel ON kernel.id = cell.kernel AND kernel.series <> 'base'
          JOIN kernel AS base_kernel ON base_kernel.run = kernel.run
                AND base_kernel.tree = kernel.tree AND base_kernel.config = kernel.config
                AND base_kernel.arch = kernel.arch AND base_kernel.series = 'base'
          JOIN cell AS base_cell ON base_cell.kernel = base_kernel.id
                AND base_cell.run = base_kernel.run AND base_cell.machine = cell.machine
                AND base_cell.suite = cell.suite
          JOIN case_result AS now ON now.cell = cell.id
          LEFT JOIN case_result AS was ON was.cell = base_cell.id AND was.name = now.name
UNION ALL
SELECT cell.run, kernel.series, kernel.tree, kernel.config, cell.machine, cell.suite, was.name,
       was.outcome, cell.state, base_cell.id, cell.id, was.id, NULL
FROM cell JOIN kernel ON kernel.id = cell.kernel AND kernel.series <> 'base'
          JOIN kernel AS base_kernel ON base_kernel.run = kernel.run
                AND base_kernel.tree = kernel.tree AND base_kernel.config = kernel.config
                AND base_kernel.arch = kernel.arch AND base_kernel.series = 'base'
          JOIN cell AS base_cell ON base_cell.kernel = base_kernel.id
                AND base_cell.run = base_kernel.run AND base_cell.machine = cell.machine
                AND base_cell.suite = cell.suite
          JOIN case_result AS was ON was.cell = base_cell.id
WHERE NOT EXISTS (SELECT 1 FROM case_result WHERE case_result.cell = cell.id
                  AND case_result.name = was.name);
