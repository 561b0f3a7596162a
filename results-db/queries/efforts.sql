-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT run, started, wall_seconds, cpu_seconds, cores, critical_seconds, critical_path
FROM effort
WHERE run = :run
ORDER BY id
