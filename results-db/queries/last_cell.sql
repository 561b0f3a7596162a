-- SPDX-License-Identifier: GPL-2.0-or-later
-- The last time before a run that a cell of the same experiment and name was part of one, with
-- what was not good about it.
SELECT cell.id, cell.kernel, cell.run, cell.name, kernel.tree, kernel.series, kernel.config,
       cell.machine, cell.suite, cell.state, cell.reason, cell.explanation, cell.command_line,
       cell.machine_xml, cell.folder, cell.boot_seconds, cell.seconds, cell.expect_unavailable,
       cell.cell_key, cell.reused_run, cell.why, cell.inputs, cell.accel, cell.accel_reason,
       cell.slowness, cell.notes, cell.ignore_key, cell.identity, cell.identical_to,
       coalesce((SELECT group_concat(number || ' ' || outcome, ', ') FROM
                 (SELECT outcome, count(*) AS number FROM case_result
                  WHERE case_result.cell = cell.id
                    AND outcome NOT IN ('passed', 'skipped', 'xfailed')
                  GROUP BY outcome ORDER BY outcome)), ''),
       (SELECT count(*) FROM incident WHERE incident.cell = cell.id)
FROM cell JOIN kernel ON kernel.id = cell.kernel
          JOIN run ON run.id = cell.run
          JOIN experiment ON experiment.id = run.experiment
WHERE cell.name = :name AND experiment.name = :experiment AND cell.run < :before
ORDER BY cell.run DESC
LIMIT 1
