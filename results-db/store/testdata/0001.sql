-- SPDX-License-Identifier: GPL-2.0-or-later
-- A database as the first schema kept it, written by the store of its time; for the tests.
PRAGMA application_id = 1802335352;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE experiment (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  name   TEXT NOT NULL,
  file   TEXT NOT NULL,
  text   TEXT NOT NULL,
  UNIQUE (digest, name, file)
) STRICT;
INSERT INTO experiment VALUES(1,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','quickstart','matrices/quickstart.yaml',replace('trees: [v6.12]\n','\n',char(10)));
CREATE TABLE run (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment      INTEGER NOT NULL REFERENCES experiment (id),
  started         TEXT NOT NULL,
  finished        TEXT NOT NULL,
  state           TEXT NOT NULL,
  host            TEXT NOT NULL,
  kmatrix_version TEXT NOT NULL,
  folder          TEXT NOT NULL,
  CONSTRAINT known_run_state CHECK (state IN ('running', 'done', 'interrupted', 'failed')),
  CONSTRAINT started_in_utc CHECK (started GLOB '????-??-??T??:??:??Z'),
  CONSTRAINT finished_in_utc CHECK (finished = '' OR finished GLOB '????-??-??T??:??:??Z')
) STRICT;
INSERT INTO run VALUES(1,1,'2026-01-31T12:00:00Z','2026-01-31T12:15:00Z','done','builder','0.1.0','/state/runs/1');
CREATE TABLE kernel_config (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  text   TEXT NOT NULL
) STRICT;
INSERT INTO kernel_config VALUES(1,'fdedb8a8b15aaa9c7b564322cfefbca8e54143dd8b9f90969118b42056d2ee81',replace('CONFIG_CFI_CLANG=y\n','\n',char(10)));
CREATE TABLE kernel (
  id               INTEGER PRIMARY KEY,
  run              INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  name             TEXT NOT NULL,
  tree             TEXT NOT NULL,
  series           TEXT NOT NULL,
  config           TEXT NOT NULL,
  arch             TEXT NOT NULL,
  tree_description TEXT NOT NULL,
  tree_digest      TEXT NOT NULL,
  series_digest    TEXT NOT NULL,
  compiler         TEXT NOT NULL,
  recipe_key       TEXT NOT NULL,
  kernel_key       TEXT NOT NULL,
  kernel_config    INTEGER REFERENCES kernel_config (id),
  why              TEXT NOT NULL,
  state            TEXT NOT NULL,
  first_error      TEXT NOT NULL,
  log              TEXT NOT NULL,
  release          TEXT NOT NULL,
  objects          INTEGER NOT NULL,
  seconds          REAL NOT NULL,
  UNIQUE (run, name),
  UNIQUE (id, run),
  CONSTRAINT known_kernel_state CHECK (state IN ('planned', 'cached', 'built', 'failed')),
  CONSTRAINT kernel_measures CHECK (objects >= 0 AND seconds >= 0)
) STRICT;
INSERT INTO kernel VALUES(1,1,'v6.12/base/clang-cfi','v6.12','base','clang-cfi','arm64','linux-source-6.12 6.12.117-1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','clang version 19.1.7','cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd',1,'series changed','built','none','/cache/log','6.12.117',788,443.24999999999999998);
CREATE TABLE cell (
  id                 INTEGER PRIMARY KEY,
  run                INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  kernel             INTEGER NOT NULL,
  name               TEXT NOT NULL,
  machine            TEXT NOT NULL,
  suite              TEXT NOT NULL,
  state              TEXT NOT NULL,
  reason             TEXT NOT NULL,
  explanation        TEXT NOT NULL,
  command_line       TEXT NOT NULL,
  machine_xml        TEXT NOT NULL,
  folder             TEXT NOT NULL,
  boot_seconds       REAL NOT NULL,
  seconds            REAL NOT NULL,
  expect_unavailable INTEGER NOT NULL,
  UNIQUE (run, name),
  FOREIGN KEY (kernel, run) REFERENCES kernel (id, run) ON DELETE CASCADE,
  CONSTRAINT known_cell_state CHECK (state IN
    ('planned', 'done', 'unavailable', 'blocked', 'infra_error', 'interrupted')),
  CONSTRAINT cell_measures CHECK (boot_seconds >= 0 AND seconds >= 0),
  CONSTRAINT expect_unavailable_is_a_flag CHECK (expect_unavailable IN (0, 1))
) STRICT;
INSERT INTO cell VALUES(1,1,1,'v6.12/base/clang-cfi/arm64-tcg/ftrace-direct','arm64-tcg','ftrace-direct','done','because',replace('two\nlines','\n',char(10)),'console=ttyAMA0','<domain/>','/state/runs/1/cell-0',2.5,70.500000000000000001,1);
CREATE TABLE case_result (
  id         INTEGER PRIMARY KEY,
  cell       INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  raw        TEXT NOT NULL,
  message    TEXT NOT NULL,
  seconds    REAL NOT NULL,
  boot       INTEGER NOT NULL,
  first_line INTEGER NOT NULL,
  last_line  INTEGER NOT NULL,
  output     TEXT NOT NULL,
  argv       TEXT NOT NULL,
  UNIQUE (cell, name),
  CONSTRAINT known_outcome CHECK (outcome IN
    ('passed', 'failed', 'skipped', 'xfailed', 'unresolved', 'timed_out', 'crashed', 'missing',
     'blocked', 'infra_error')),
  CONSTRAINT case_measures CHECK
    (seconds >= 0 AND boot >= 0 AND first_line >= 0 AND last_line >= 0)
) STRICT;
INSERT INTO case_result VALUES(1,1,'direct/ftrace-direct.tc','passed','PASS','as it should',38.125,1,310,330,'/state/runs/1/cell-0/out','["sh","x.tc"]');
INSERT INTO case_result VALUES(2,1,'direct/kprobe-direct.tc','missing','','',0.0,0,0,0,'','');
CREATE TABLE incident (
  id                INTEGER PRIMARY KEY,
  cell              INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
  case_name         TEXT NOT NULL,
  kind              TEXT NOT NULL,
  title             TEXT NOT NULL,
  text              TEXT NOT NULL,
  boot              INTEGER NOT NULL,
  first_line        INTEGER NOT NULL,
  cfi_caller        TEXT NOT NULL,
  cfi_target        TEXT NOT NULL,
  cfi_expected_type TEXT NOT NULL,
  CONSTRAINT known_incident_kind CHECK (kind IN
    ('cfi', 'oops', 'bug', 'warning', 'stall', 'panic', 'reboot', 'kasan', 'lockdep', 'hung_task',
     'other')),
  CONSTRAINT incident_measures CHECK (boot >= 0 AND first_line >= 0)
) STRICT;
INSERT INTO incident VALUES(1,1,'direct/ftrace-direct.tc','cfi','CFI failure at caller (target: callee)',replace('CFI failure\nCall trace:','\n',char(10)),1,317,'caller','callee','0x12345678');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('run',1);
CREATE INDEX run_by_experiment ON run (experiment);
CREATE INDEX kernel_by_config ON kernel (kernel_config);
CREATE INDEX cell_by_kernel ON cell (kernel, run);
CREATE INDEX incident_by_cell ON incident (cell);
COMMIT;
