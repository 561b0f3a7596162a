-- SPDX-License-Identifier: GPL-2.0-or-later
-- The incidents of the cases that drop_cases removes; before it. Those of a boot stay: it was.
DELETE FROM incident
WHERE cell = :cell AND (:all OR (case_name <> '' AND NOT EXISTS (
  SELECT 1 FROM case_result
  WHERE case_result.cell = :cell AND case_result.name = incident.case_name
    AND case_result.outcome NOT IN ('missing', 'infra_error'))))
