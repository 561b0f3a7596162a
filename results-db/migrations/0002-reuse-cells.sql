-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cell whose inputs did not change takes over the results of an earlier run.

ALTER TABLE cell ADD COLUMN cell_key TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN reused_run INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cell_by_key ON cell (cell_key) WHERE cell_key <> '';
