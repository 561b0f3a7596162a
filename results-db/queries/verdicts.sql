-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT suite, case_name, verdict, scope, counts
FROM verdict
WHERE run = :run
ORDER BY id
