-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO case_result (cell, name, outcome, raw, message, errno, seconds, boot, first_line,
                         last_line, output, argv)
SELECT :cell, name, outcome, raw, message, errno, seconds, boot, first_line, last_line, output, argv
FROM case_result
WHERE cell = :from_cell
ORDER BY id
