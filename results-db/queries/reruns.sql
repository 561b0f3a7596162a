-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT case_rerun.id, case_rerun.cell, case_rerun.name, outcome, raw, message, errno,
       case_rerun.seconds, boot, first_line, last_line, output, argv
FROM cell JOIN case_rerun ON case_rerun.cell = cell.id
WHERE cell.run = :run
ORDER BY cell.id, case_rerun.name, case_rerun.attempt
