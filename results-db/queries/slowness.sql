-- SPDX-License-Identifier: GPL-2.0-or-later
-- The slowest of the five newest machines that were measured there: one that was measured in a
-- good moment must not shorten the deadlines of the next.
SELECT coalesce(max(slowness), 0) FROM (
  SELECT cell.slowness
  FROM cell JOIN kernel ON kernel.id = cell.kernel JOIN run ON run.id = cell.run
  WHERE run.host = :host AND cell.accel = :accel AND kernel.arch = :arch
    AND kernel.config = :config AND cell.slowness > 0 AND cell.reused_run = 0
    AND cell.identical_to = ''
  ORDER BY cell.id DESC
  LIMIT 5)
