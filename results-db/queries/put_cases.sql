-- SPDX-License-Identifier: GPL-2.0-or-later
-- As put_case, for many rows: without an answer, and with parameters by number.
INSERT INTO case_result (
  cell, name, outcome, raw, message, errno, seconds, boot, first_line, last_line, output, argv)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (cell, name) DO UPDATE SET
  outcome = excluded.outcome, raw = excluded.raw, message = excluded.message,
  errno = excluded.errno,
  seconds = excluded.seconds, boot = excluded.boot, first_line = excluded.first_line,
  last_line = excluded.last_line, output = excluded.output, argv = excluded.argv
