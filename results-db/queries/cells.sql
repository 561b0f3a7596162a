-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT cell.id, cell.kernel, cell.run, cell.name, kernel.tree, kernel.series, kernel.config,
       cell.machine, cell.suite, cell.state, cell.reason, cell.explanation, cell.command_line,
       cell.machine_xml, cell.folder, cell.boot_seconds, cell.seconds, cell.expect_unavailable,
       cell.cell_key, cell.reused_run, cell.why, cell.inputs, cell.accel, cell.accel_reason,
       cell.slowness, cell.notes, cell.ignore_key, cell.identity, cell.identical_to
FROM cell JOIN kernel ON kernel.id = cell.kernel
WHERE cell.run = :run
ORDER BY cell.id
