-- SPDX-License-Identifier: GPL-2.0-or-later
-- How long each case took the last time that a cell like this one ran on a host: the newest of the
-- same name, else of the same machine and suite. A rerun of some of its cases is no such cell.
SELECT case_result.name, case_result.seconds
FROM case_result
WHERE case_result.seconds > 0 AND case_result.cell =
  (SELECT cell.id
   FROM cell JOIN run ON run.id = cell.run
   WHERE cell.suite = :suite AND cell.machine = :machine AND run.host = :host
     AND run.rerun_of = 0 AND cell.state = 'done' AND cell.reused_run = 0
     AND cell.identical_to = ''
   ORDER BY cell.name = :name DESC, cell.id DESC
   LIMIT 1)
