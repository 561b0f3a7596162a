-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO incident (cell, case_name, kind, title, text, boot, first_line, cfi_caller, cfi_target,
                      cfi_expected_type, ignored)
SELECT :cell, case_name, kind, title, text, boot, first_line, cfi_caller, cfi_target,
       cfi_expected_type, ignored
FROM incident
WHERE cell = :from_cell
ORDER BY id
