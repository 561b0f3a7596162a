-- SPDX-License-Identifier: GPL-2.0-or-later
-- The newest build of an artefact up to a run.
SELECT kernel.id, kernel.run, name, tree, series, config, arch,
       tree_description, tree_digest, series_digest, compiler, recipe_key, kernel_key,
       coalesce(kernel_config.text, ''), why, state, first_error, log, release, objects, seconds,
       coalesce(config_request.text, ''), series_description, signature
FROM kernel LEFT JOIN kernel_config ON kernel_config.id = kernel.kernel_config
            LEFT JOIN config_request ON config_request.id = kernel.config_request
WHERE kernel.kernel_key = :kernel_key AND kernel.kernel_key <> '' AND state = 'built'
  AND kernel.run <= :run
ORDER BY kernel.run DESC
LIMIT 1
