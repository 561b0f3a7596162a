-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT run.id, experiment.name, experiment.file, experiment.text, experiment.digest,
       run.started, run.finished, run.state, run.host, run.kmatrix_version, run.folder,
       run.selection, run.rerun_of, coalesce(run.exit_code, -1)
FROM run JOIN experiment ON experiment.id = run.experiment
WHERE run.id = :run
