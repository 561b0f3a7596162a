-- SPDX-License-Identifier: GPL-2.0-or-later
-- Every tree, series, config and machine of any run.
SELECT 'tree' AS axis, tree AS name FROM kernel
UNION SELECT 'series', series FROM kernel
UNION SELECT 'config', config FROM kernel
UNION SELECT 'machine', machine FROM cell
ORDER BY axis, name
