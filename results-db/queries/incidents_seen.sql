-- SPDX-License-Identifier: GPL-2.0-or-later
-- Incidents of all runs, one row for each title and place. What was taken over from an earlier run or
-- from an identical cell is no observation of its own.
SELECT incident.kind, incident.title, cell.name, incident.case_name, incident.ignored, count(*),
       count(DISTINCT cell.run), min(cell.run), max(cell.run), min(run.started), max(run.started)
FROM cell JOIN run ON run.id = cell.run
          JOIN kernel ON kernel.id = cell.kernel
          JOIN incident ON incident.cell = cell.id
WHERE cell.reused_run = 0 AND cell.identical_to = ''
  AND (:tree = '' OR kernel.tree GLOB :tree) AND (:series = '' OR kernel.series GLOB :series)
  AND (:config = '' OR kernel.config GLOB :config)
  AND (:machine = '' OR cell.machine GLOB :machine)
  AND run.started >= :since
GROUP BY incident.kind, incident.title, cell.name, incident.case_name, incident.ignored
