-- SPDX-License-Identifier: GPL-2.0-or-later
-- The newest cell of this key that ran by itself to its end, with good outcomes only and a clean
-- log (no incident, or only such as the same entries ignore today), unless a later one of this key
-- was not good: that is worth another run.
SELECT cell.id, cell.kernel, cell.run, cell.name, kernel.tree, kernel.series, kernel.config,
       cell.machine, cell.suite, cell.state, cell.reason, cell.explanation, cell.command_line,
       cell.machine_xml, cell.folder, cell.boot_seconds, cell.seconds, cell.expect_unavailable,
       cell.cell_key, cell.reused_run, cell.why, cell.inputs, cell.accel, cell.accel_reason,
       cell.slowness, cell.notes, cell.ignore_key, cell.identity, cell.identical_to
FROM cell JOIN kernel ON kernel.id = cell.kernel
WHERE cell.cell_key = :cell_key AND cell.cell_key <> '' AND cell.state = 'done'
  AND cell.reused_run = 0
  AND EXISTS (SELECT 1 FROM case_result WHERE case_result.cell = cell.id)
  AND NOT EXISTS (SELECT 1 FROM case_result WHERE case_result.cell = cell.id
                  AND case_result.outcome NOT IN ('passed', 'skipped', 'xfailed'))
  AND NOT EXISTS (SELECT 1 FROM incident WHERE incident.cell = cell.id
                  AND (incident.ignored = '' OR cell.ignore_key <> :ignore_key))
  AND NOT EXISTS (SELECT 1 FROM cell AS later WHERE later.cell_key = cell.cell_key
                  AND later.id > cell.id AND later.reused_run = 0
                  AND later.state IN ('done', 'blocked'))
ORDER BY cell.id DESC
LIMIT 1
