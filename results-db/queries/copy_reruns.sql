-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO case_rerun (cell, name, attempt, outcome, raw, message, errno, seconds, boot,
                        first_line, last_line, output, argv)
SELECT :cell, name, attempt, outcome, raw, message, errno, seconds, boot, first_line, last_line,
       output, argv
FROM case_rerun
WHERE cell = :from_cell
ORDER BY id
