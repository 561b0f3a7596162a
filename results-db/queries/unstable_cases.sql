-- SPDX-License-Identifier: GPL-2.0-or-later
-- Cases of which cells with the same key had different outcomes, their reruns in the same run among
-- them. What was taken over from an earlier run is no observation of its own; a case that did not
-- run (missing, blocked) or failed through us says nothing. A rerun of some cases has no key of its
-- own: with the inputs of the cell that it repeats it counts as that.
WITH observed AS (
  SELECT cell.id, cell.run, cell.name, cell.suite,
         CASE WHEN cell.cell_key <> '' THEN cell.cell_key
              ELSE (SELECT whole.cell_key FROM cell AS whole
                    WHERE whole.run = run.rerun_of AND whole.name = cell.name
                      AND whole.inputs = cell.inputs AND whole.inputs <> '') END AS cell_key
  FROM cell JOIN run ON run.id = cell.run JOIN kernel ON kernel.id = cell.kernel
  WHERE cell.reused_run = 0 AND cell.identical_to = ''
    AND (:tree = '' OR kernel.tree GLOB :tree) AND (:series = '' OR kernel.series GLOB :series)
    AND (:config = '' OR kernel.config GLOB :config)
    AND (:machine = '' OR cell.machine GLOB :machine)
    AND run.started >= :since),
again AS (
  SELECT cell_key FROM observed WHERE cell_key <> '' GROUP BY cell_key
  HAVING count(*) > 1
      OR max(EXISTS (SELECT 1 FROM case_rerun WHERE case_rerun.cell = observed.id)))
SELECT name, suite, case_name, cell_key, group_concat(run || ' ' || outcome, ',')
FROM (SELECT observed.name, suite, case_result.name AS case_name, observed.cell_key, run, outcome
      FROM again CROSS JOIN observed ON observed.cell_key = again.cell_key
                 CROSS JOIN case_result ON case_result.cell = observed.id
      UNION ALL
      SELECT observed.name, suite, case_rerun.name, observed.cell_key, run, outcome
      FROM again CROSS JOIN observed ON observed.cell_key = again.cell_key
                 CROSS JOIN case_rerun ON case_rerun.cell = observed.id)
WHERE outcome NOT IN ('missing', 'blocked', 'infra_error')
GROUP BY cell_key, name, case_name
HAVING count(DISTINCT outcome) > 1
