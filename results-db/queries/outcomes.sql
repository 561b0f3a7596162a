-- SPDX-License-Identifier: GPL-2.0-or-later
-- What two runs are compared by, in no order.
SELECT case_result.cell, case_result.name, case_result.outcome, case_result.message,
       case_result.seconds
FROM cell JOIN case_result ON case_result.cell = cell.id
WHERE cell.run = :run
