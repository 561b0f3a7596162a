-- SPDX-License-Identifier: GPL-2.0-or-later
-- A case that has an outcome already keeps it.
INSERT INTO case_result (
  cell, name, outcome, raw, message, seconds, boot, first_line, last_line, output, argv)
VALUES (:cell, :name, 'missing', '', '', 0, 0, 0, 0, '', '')
ON CONFLICT (cell, name) DO NOTHING
