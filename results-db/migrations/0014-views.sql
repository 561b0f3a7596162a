-- SPDX-License-Identifier: GPL-2.0-or-later
-- The views that dashboards and other readers build on (docs/dashboards.md). A column keeps its name
-- and its meaning; the tables below may change.

CREATE VIEW result AS
SELECT case_result.id AS result_id, cell.id AS cell_id, cell.run AS run,
       experiment.name AS experiment, run.started AS started, cell.name AS cell,
       kernel.name AS kernel, kernel.name || '/' || cell.machine AS place, kernel.tree AS tree,
       kernel.series AS series, kernel.config AS config, kernel.arch AS arch,
       cell.machine AS machine, cell.accel AS accel, cell.suite AS suite,
       case_result.name AS case_name, case_result.outcome AS outcome, case_result.raw AS raw,
       case_result.message AS message, case_result.errno AS errno,
       case_result.seconds AS seconds, case_result.boot AS boot,
       case_result.first_line AS first_line, case_result.last_line AS last_line,
       cell.reused_run AS reused_run, cell.identical_to AS identical_to,
       case_result.outcome IN ('failed', 'unresolved', 'timed_out', 'crashed') AS bad,
       case_result.outcome IN ('missing', 'blocked', 'infra_error') AS unknown
FROM cell JOIN run ON run.id = cell.run
          JOIN experiment ON experiment.id = run.experiment
          JOIN kernel ON kernel.id = cell.kernel
          JOIN case_result ON case_result.cell = cell.id;

CREATE VIEW cell_result AS
SELECT cell.id AS cell_id, cell.run AS run, experiment.name AS experiment,
       run.started AS started, cell.name AS cell, kernel.name AS kernel,
       kernel.name || '/' || cell.machine AS place, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, kernel.arch AS arch, cell.machine AS machine,
       cell.accel AS accel, cell.suite AS suite, cell.state AS state, cell.reason AS reason,
       cell.expect_unavailable AS expect_unavailable, cell.boot_seconds AS boot_seconds,
       cell.seconds AS seconds, cell.slowness AS slowness, cell.reused_run AS reused_run,
       cell.identical_to AS identical_to, cell.why AS why,
       count(case_result.id) AS results,
       coalesce(sum(case_result.outcome = 'passed'), 0) AS passed,
       coalesce(sum(case_result.outcome = 'failed'), 0) AS failed,
       coalesce(sum(case_result.outcome = 'skipped'), 0) AS skipped,
       coalesce(sum(case_result.outcome = 'xfailed'), 0) AS xfailed,
       coalesce(sum(case_result.outcome = 'unresolved'), 0) AS unresolved,
       coalesce(sum(case_result.outcome = 'timed_out'), 0) AS timed_out,
       coalesce(sum(case_result.outcome = 'crashed'), 0) AS crashed,
       coalesce(sum(case_result.outcome = 'missing'), 0) AS missing,
       coalesce(sum(case_result.outcome = 'blocked'), 0) AS blocked,
       coalesce(sum(case_result.outcome = 'infra_error'), 0) AS infra_error,
       (SELECT count(*) FROM incident WHERE incident.cell = cell.id AND incident.ignored = '')
         AS incidents
FROM cell JOIN run ON run.id = cell.run
          JOIN experiment ON experiment.id = run.experiment
          JOIN kernel ON kernel.id = cell.kernel
          LEFT JOIN case_result ON case_result.cell = cell.id
GROUP BY cell.id;

-- WHERE run >= :x with a parameter or a number is fast: it goes into the view.
CREATE VIEW run_summary AS
SELECT run.id AS run, experiment.name AS experiment, run.started AS started,
       run.finished AS finished, run.state AS state, run.host AS host,
       run.rerun_of AS rerun_of,
       CASE WHEN run.finished <> ''
            THEN strftime('%s', run.finished) - strftime('%s', run.started) END AS seconds,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id) AS cells,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'done') AS cells_done,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'blocked')
         AS cells_blocked,
       (SELECT count(*) FROM cell AS c WHERE c.run = run.id AND c.state = 'infra_error')
         AS cells_infra_error,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id) AS kernels,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'built') AS built,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'cached') AS cached,
       (SELECT count(*) FROM kernel AS k WHERE k.run = run.id AND k.state = 'failed')
         AS builds_failed,
       (SELECT count(*) FROM claim WHERE claim.run = run.id) AS claims,
       (SELECT count(*) FROM claim WHERE claim.run = run.id AND claim.state = 'holds')
         AS claims_hold,
       (SELECT count(*) FROM claim WHERE claim.run = run.id AND claim.state = 'does not hold')
         AS claims_broken,
       (SELECT count(*) FROM cell AS c JOIN incident ON incident.cell = c.id
        WHERE c.run = run.id AND incident.ignored = '') AS incidents,
       count(case_result.id) AS results,
       coalesce(sum(case_result.outcome = 'passed'), 0) AS passed,
       coalesce(sum(case_result.outcome = 'failed'), 0) AS failed,
       coalesce(sum(case_result.outcome = 'skipped'), 0) AS skipped,
       coalesce(sum(case_result.outcome = 'xfailed'), 0) AS xfailed,
       coalesce(sum(case_result.outcome = 'unresolved'), 0) AS unresolved,
       coalesce(sum(case_result.outcome = 'timed_out'), 0) AS timed_out,
       coalesce(sum(case_result.outcome = 'crashed'), 0) AS crashed,
       coalesce(sum(case_result.outcome = 'missing'), 0) AS missing,
       coalesce(sum(case_result.outcome = 'blocked'), 0) AS blocked,
       coalesce(sum(case_result.outcome = 'infra_error'), 0) AS infra_error
FROM run JOIN experiment ON experiment.id = run.experiment
         LEFT JOIN cell ON cell.run = run.id
         LEFT JOIN case_result ON case_result.cell = cell.id
GROUP BY run.id;

-- What became of a case since the cell of this name ran the last time in the same experiment. What
-- was taken over from an earlier run is no news.
CREATE VIEW change AS
WITH pair (cell_id, before_id, same_inputs) AS MATERIALIZED (
  SELECT now.id, before.id, now.cell_key <> '' AND now.cell_key = before.cell_key
  FROM cell AS now JOIN cell AS before ON before.id = (
    SELECT earlier.id FROM cell AS earlier
    JOIN run AS earlier_run ON earlier_run.id = earlier.run
    JOIN experiment AS earlier_experiment ON earlier_experiment.id = earlier_run.experiment
    WHERE earlier.name = now.name AND earlier.run < now.run
      AND earlier_experiment.name = (
        SELECT experiment.name FROM run JOIN experiment ON experiment.id = run.experiment
        WHERE run.id = now.run)
    ORDER BY earlier.run DESC LIMIT 1)
  WHERE now.reused_run = 0 AND now.identical_to = '')
SELECT after.id AS result_id, cell.id AS cell_id, cell.run AS run, before_cell.run AS before_run,
       cell.name AS cell, cell.suite AS suite, after.name AS case_name, was.outcome AS before,
       after.outcome AS outcome, after.message AS message, pair.same_inputs AS same_inputs,
       CASE WHEN was.outcome IN ('missing', 'blocked', 'infra_error')
              OR after.outcome IN ('missing', 'infra_error') THEN 'no outcome'
            WHEN after.outcome NOT IN ('passed', 'skipped', 'xfailed')
             AND was.outcome IN ('passed', 'skipped', 'xfailed') THEN 'new failure'
            WHEN after.outcome IN ('passed', 'skipped', 'xfailed')
             AND was.outcome NOT IN ('passed', 'skipped', 'xfailed') THEN 'fix'
            ELSE 'other' END AS kind
FROM cell CROSS JOIN pair ON pair.cell_id = cell.id
          CROSS JOIN cell AS before_cell ON before_cell.id = pair.before_id
          CROSS JOIN case_result AS after ON after.cell = cell.id
          CROSS JOIN case_result AS was ON was.cell = pair.before_id AND was.name = after.name
WHERE after.outcome <> was.outcome;

-- A case that did both although nothing that it depends on had changed: in its further runs, or
-- since the last time.
CREATE VIEW flake AS
SELECT case_result.id AS result_id, cell.id AS cell_id, cell.run AS run, cell.name AS cell,
       cell.suite AS suite, case_result.name AS case_name, case_result.outcome AS outcome,
       case_rerun.outcome AS other_outcome, 'in one run' AS seen
FROM case_rerun JOIN cell ON cell.id = case_rerun.cell
                JOIN case_result ON case_result.cell = cell.id
                                AND case_result.name = case_rerun.name
WHERE case_rerun.outcome <> case_result.outcome
  AND case_rerun.outcome NOT IN ('missing', 'blocked', 'infra_error')
  AND case_result.outcome NOT IN ('missing', 'blocked', 'infra_error')
UNION
SELECT result_id, cell_id, run, cell, suite, case_name, outcome, before, 'since the last run'
FROM change WHERE same_inputs AND kind <> 'no outcome' AND outcome <> 'blocked';

CREATE VIEW incident_report AS
SELECT incident.id AS incident_id, cell.id AS cell_id, cell.run AS run, run.started AS started,
       cell.name AS cell, kernel.tree AS tree, kernel.series AS series, kernel.config AS config,
       cell.machine AS machine, cell.suite AS suite, incident.case_name AS case_name,
       incident.kind AS kind, incident.title AS title, incident.text AS text,
       incident.boot AS boot, incident.first_line AS first_line, incident.ignored AS ignored
FROM incident JOIN cell ON cell.id = incident.cell
              JOIN run ON run.id = cell.run
              JOIN kernel ON kernel.id = cell.kernel;

-- Incidents by title. What was taken over from an earlier run is no observation of its own.
CREATE VIEW incident_seen AS
SELECT incident.kind AS kind, incident.title AS title, max(incident.ignored) AS ignored,
       count(*) AS reports, count(DISTINCT cell.run) AS runs,
       count(DISTINCT cell.name) AS cells, min(cell.run) AS first_run, max(cell.run) AS last_run,
       min(run.started) AS first_started, max(run.started) AS last_started,
       max(incident.id) AS last_incident_id, max(cell.id) AS last_cell_id
FROM incident JOIN cell ON cell.id = incident.cell JOIN run ON run.id = cell.run
WHERE cell.reused_run = 0 AND cell.identical_to = ''
GROUP BY incident.kind, incident.title;

CREATE VIEW build AS
SELECT kernel.id AS kernel_id, kernel.run AS run, run.started AS started, run.host AS host,
       kernel.name AS kernel, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, kernel.arch AS arch, kernel.state AS state,
       kernel.state = 'cached' AS cached, kernel.seconds AS seconds, kernel.objects AS objects,
       (length(kernel_config.text) - length(replace(kernel_config.text, '=y', '='))) AS built_in,
       (length(kernel_config.text) - length(replace(kernel_config.text, '=m', '='))) AS modules,
       kernel.release AS release, kernel.compiler AS compiler, kernel.why AS why,
       kernel.first_error AS first_error, kernel.signature AS signature
FROM kernel JOIN run ON run.id = kernel.run
            LEFT JOIN kernel_config ON kernel_config.id = kernel.kernel_config;

CREATE VIEW boot AS
SELECT cell.id AS cell_id, cell.run AS run, run.started AS started, run.host AS host,
       cell.name AS cell, kernel.tree AS tree, kernel.series AS series, kernel.config AS config,
       kernel.arch AS arch, cell.machine AS machine, cell.accel AS accel, cell.suite AS suite,
       cell.boot_seconds AS boot_seconds, cell.slowness AS slowness
FROM cell JOIN run ON run.id = cell.run JOIN kernel ON kernel.id = cell.kernel
WHERE cell.boot_seconds > 0 AND cell.reused_run = 0 AND cell.identical_to = '';

CREATE VIEW claim_result AS
SELECT run, position, text, place AS at, state, basis, evidence FROM claim;

CREATE VIEW verdict_result AS
SELECT run, suite, case_name, verdict, scope, counts FROM verdict;

-- Each case under a series beside the same case under base: same tree, config, machine and suite.
-- A side without a result has the state of its cell.
CREATE VIEW effect AS
SELECT cell.run AS run, kernel.series AS series, kernel.tree AS tree, kernel.config AS config,
       cell.machine AS machine, cell.suite AS suite, now.name AS case_name,
       coalesce(was.outcome, base_cell.state) AS base, now.outcome AS with_series,
       base_cell.id AS base_cell_id, cell.id AS cell_id, was.id AS base_result_id,
       now.id AS result_id
FROM cell JOIN kernel ON kernel.id = cell.kernel AND kernel.series <> 'base'
          JOIN kernel AS base_kernel ON base_kernel.run = kernel.run
                AND base_kernel.tree = kernel.tree AND base_kernel.config = kernel.config
                AND base_kernel.arch = kernel.arch AND base_kernel.series = 'base'
          JOIN cell AS base_cell ON base_cell.kernel = base_kernel.id
                AND base_cell.run = base_kernel.run AND base_cell.machine = cell.machine
                AND base_cell.suite = cell.suite
          JOIN case_result AS now ON now.cell = cell.id
          LEFT JOIN case_result AS was ON was.cell = base_cell.id AND was.name = now.name
UNION ALL
SELECT cell.run, kernel.series, kernel.tree, kernel.config, cell.machine, cell.suite, was.name,
       was.outcome, cell.state, base_cell.id, cell.id, was.id, NULL
FROM cell JOIN kernel ON kernel.id = cell.kernel AND kernel.series <> 'base'
          JOIN kernel AS base_kernel ON base_kernel.run = kernel.run
                AND base_kernel.tree = kernel.tree AND base_kernel.config = kernel.config
                AND base_kernel.arch = kernel.arch AND base_kernel.series = 'base'
          JOIN cell AS base_cell ON base_cell.kernel = base_kernel.id
                AND base_cell.run = base_kernel.run AND base_cell.machine = cell.machine
                AND base_cell.suite = cell.suite
          JOIN case_result AS was ON was.cell = base_cell.id
WHERE NOT EXISTS (SELECT 1 FROM case_result WHERE case_result.cell = cell.id
                  AND case_result.name = was.name);
