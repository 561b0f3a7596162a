-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO run (experiment, started, finished, state, host, kmatrix_version, folder,
  selection, rerun_of)
VALUES (
  (SELECT id FROM experiment WHERE digest = :digest AND name = :name AND file = :file),
  :started, :finished, :state, :host, :kmatrix_version, :folder, :selection, :rerun_of)
RETURNING id
