-- SPDX-License-Identifier: GPL-2.0-or-later
-- How long cells took on a host, the newest first. No more than say something.
SELECT cell.name, '', cell.machine, cell.suite, cell.seconds, 0
FROM cell JOIN run ON run.id = cell.run
WHERE run.host = :host AND cell.state = 'done' AND cell.reused_run = 0
  AND cell.identical_to = ''
ORDER BY cell.id DESC
LIMIT 1000
