-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO effort (
  run, started, wall_seconds, cpu_seconds, cores, critical_seconds, critical_path)
VALUES (
  :run, :started, :wall_seconds, :cpu_seconds, :cores, :critical_seconds, :critical_path)
RETURNING id
