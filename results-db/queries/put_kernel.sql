-- SPDX-License-Identifier: GPL-2.0-or-later
-- A row of the same run and name keeps its id, and so its cells.
INSERT INTO kernel (
  run, name, tree, series, config, arch, tree_description, tree_digest, series_digest, compiler,
  recipe_key, kernel_key, kernel_config, why, state, first_error, log, release, objects, seconds,
  config_request, series_description, signature)
VALUES (
  :run, :name, :tree, :series, :config, :arch, :tree_description, :tree_digest, :series_digest,
  :compiler, :recipe_key, :kernel_key,
  (SELECT id FROM kernel_config WHERE digest = :config_digest),
  :why, :state, :first_error, :log, :release, :objects, :seconds,
  (SELECT id FROM config_request WHERE digest = :request_digest), :series_description,
  :signature)
ON CONFLICT (run, name) DO UPDATE SET
  tree = excluded.tree, series = excluded.series, config = excluded.config, arch = excluded.arch,
  tree_description = excluded.tree_description, tree_digest = excluded.tree_digest,
  series_digest = excluded.series_digest, compiler = excluded.compiler,
  recipe_key = excluded.recipe_key, kernel_key = excluded.kernel_key,
  kernel_config = excluded.kernel_config, why = excluded.why, state = excluded.state,
  first_error = excluded.first_error, log = excluded.log, release = excluded.release,
  objects = excluded.objects, seconds = excluded.seconds,
  config_request = excluded.config_request, series_description = excluded.series_description,
  signature = excluded.signature
RETURNING id
