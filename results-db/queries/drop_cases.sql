-- SPDX-License-Identifier: GPL-2.0-or-later
-- The cases of a cell that have no outcome yet or failed through us; with :all every one.
DELETE FROM case_result
WHERE cell = :cell AND (:all OR outcome IN ('missing', 'infra_error'))
