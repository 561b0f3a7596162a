-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT incident.id, incident.cell, case_name, kind, title, text, boot, first_line,
       cfi_caller, cfi_target, cfi_expected_type, ignored
FROM cell JOIN incident ON incident.cell = cell.id
WHERE cell.run = :run
ORDER BY cell.id, incident.id
