-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cell says why it ran and what its results depend on; a kernel, who asked for what in its config;
-- a run, which one it repeats.

ALTER TABLE run ADD COLUMN rerun_of INTEGER NOT NULL DEFAULT 0;

ALTER TABLE cell ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN inputs TEXT NOT NULL DEFAULT '';
CREATE INDEX cell_by_name ON cell (name);

CREATE TABLE config_request (
  id     INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  text   TEXT NOT NULL
) STRICT;
ALTER TABLE kernel ADD COLUMN config_request INTEGER REFERENCES config_request (id);
CREATE INDEX kernel_by_request ON kernel (config_request);
CREATE INDEX kernel_by_key ON kernel (kernel_key) WHERE kernel_key <> '';
