-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT case_result.id, case_result.cell, case_result.name, outcome, raw, message, errno,
       case_result.seconds, boot, first_line, last_line, output, argv
FROM cell JOIN case_result ON case_result.cell = cell.id
WHERE cell.run = :run
ORDER BY cell.id, case_result.id
