-- SPDX-License-Identifier: GPL-2.0-or-later
-- What became of a case of a suite, the newest first. The order of the joins is written down: by the
-- cells of the suite backwards, and for each the one result, so that a limit ends it early.
SELECT cell.run, run.started, cell.name, kernel.tree, kernel.series, kernel.config, cell.machine,
       cell.suite, cell.reused_run, cell.identical_to, case_result.name, case_result.outcome, case_result.message,
       case_result.seconds,
       coalesce((SELECT group_concat(outcome, ' ')
                 FROM (SELECT outcome FROM case_rerun
                       WHERE case_rerun.cell = cell.id AND case_rerun.name = case_result.name
                       ORDER BY attempt)), ''),
       (SELECT count(*) FROM incident
        WHERE incident.cell = cell.id AND incident.case_name = case_result.name),
       coalesce((SELECT title FROM incident
                 WHERE incident.cell = cell.id AND incident.case_name = case_result.name
                 ORDER BY ignored <> '', id LIMIT 1), '')
FROM cell CROSS JOIN run ON run.id = cell.run
          CROSS JOIN kernel ON kernel.id = cell.kernel
          CROSS JOIN case_result ON case_result.cell = cell.id AND case_result.name = :name
WHERE cell.suite = :suite
  AND (:tree = '' OR kernel.tree GLOB :tree) AND (:series = '' OR kernel.series GLOB :series)
  AND (:config = '' OR kernel.config GLOB :config)
  AND (:machine = '' OR cell.machine GLOB :machine)
  AND run.started >= :since
ORDER BY cell.run DESC, cell.id DESC
LIMIT :limit
