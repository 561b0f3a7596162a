-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT kernel.id, kernel.run, name, tree, series, config, arch,
       tree_description, tree_digest, series_digest, compiler, recipe_key, kernel_key,
       coalesce(kernel_config.text, ''), why, state, first_error, log, release, objects, seconds,
       coalesce(config_request.text, ''), series_description, signature
FROM kernel LEFT JOIN kernel_config ON kernel_config.id = kernel.kernel_config
            LEFT JOIN config_request ON config_request.id = kernel.config_request
WHERE kernel.run = :run
ORDER BY kernel.id
