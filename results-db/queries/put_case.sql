-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO case_result (
  cell, name, outcome, raw, message, errno, seconds, boot, first_line, last_line, output, argv)
VALUES (
  :cell, :name, :outcome, :raw, :message, :errno, :seconds, :boot, :first_line, :last_line, :output,
  :argv)
ON CONFLICT (cell, name) DO UPDATE SET
  outcome = excluded.outcome, raw = excluded.raw, message = excluded.message,
  errno = excluded.errno,
  seconds = excluded.seconds, boot = excluded.boot, first_line = excluded.first_line,
  last_line = excluded.last_line, output = excluded.output, argv = excluded.argv
RETURNING id
