-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT text, place, state, basis, evidence
FROM claim
WHERE run = :run
ORDER BY position
