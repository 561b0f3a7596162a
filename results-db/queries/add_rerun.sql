-- SPDX-License-Identifier: GPL-2.0-or-later
-- The next run of a case that has an outcome: the first pass is attempt 1.
INSERT INTO case_rerun (
  cell, name, attempt, outcome, raw, message, errno, seconds, boot, first_line, last_line, output,
  argv)
VALUES (
  :cell, :name,
  (SELECT coalesce(max(attempt), 1) + 1 FROM case_rerun WHERE cell = :cell AND name = :name),
  :outcome, :raw, :message, :errno, :seconds, :boot, :first_line, :last_line, :output, :argv)
