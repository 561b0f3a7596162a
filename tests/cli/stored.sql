-- SPDX-License-Identifier: GPL-2.0-or-later
-- Two runs as kmatrix would have stored them, for the commands that show results. The tables are
-- there already.
INSERT INTO experiment (id, digest, name, file, text) VALUES
  (1, 'e', 'demo', '/x/demo.yaml', 'name: demo');
INSERT INTO run (id, experiment, started, finished, state, host, kmatrix_version, folder) VALUES
  (1, 1, '2026-01-31T12:00:00Z', '2026-01-31T12:10:00Z', 'done', 'builder', '0.1.0', '/x/runs'),
  (2, 1, '2026-01-31T13:00:00Z', '2026-01-31T13:05:00Z', 'done', 'builder', '0.1.0', '/x/runs');
INSERT INTO kernel_config (id, digest, text) VALUES
  (1, 'c1', 'CONFIG_MODULES=y' || char(10) || 'CONFIG_CFI=y' || char(10) ||
            'CONFIG_ARCH_USES_CFI_TRAPS=y' || char(10) || 'CONFIG_NR_CPUS=64' || char(10)),
  (2, 'c2', 'CONFIG_MODULES=y' || char(10) || '# CONFIG_CFI is not set' || char(10) ||
            'CONFIG_NR_CPUS=8' || char(10));
INSERT INTO config_request (id, digest, text) VALUES
  (1, 'q1', '[{"symbol":"MODULES","value":"y","asked_by":"image arm64","at":"image.config:3:1"},' ||
            '{"symbol":"CFI","value":"y","asked_by":"config cfi","at":"demo.yaml:12:5"}]'),
  (2, 'q2', '[{"symbol":"MODULES","value":"y","asked_by":"image arm64","at":"image.config:3:1"},' ||
            '{"symbol":"NR_CPUS","value":"8","asked_by":"config small","at":"demo.yaml:14:5"}]');
INSERT INTO kernel (id, run, name, tree, series, config, arch, tree_description, tree_digest,
  series_digest, compiler, recipe_key, kernel_key, kernel_config, why, state, first_error, log,
  release, objects, seconds, config_request) VALUES
  (1, 1, 'v1/base/cfi', 'v1', 'base', 'cfi', 'arm64', 'v1', 'aaaa1111', '', 'clang 19', 'r1', 'k1',
   1, 'never built here', 'built', '', '', '6.12.1', 600, 300, 1),
  (2, 1, 'v1/base/small', 'v1', 'base', 'small', 'arm64', 'v1', 'aaaa1111', '', 'clang 19', 'r2',
   'k2', 2, 'never built here', 'built', '', '', '6.12.1', 500, 250, 2),
  (3, 2, 'v1/base/cfi', 'v1', 'base', 'cfi', 'arm64', 'v1', 'bbbb2222', '', 'clang 19', 'r3', 'k3',
   1, 'tree changed: aaaa1111 -> bbbb2222', 'built', '', '', '6.12.2', 600, 280, 1),
  (4, 2, 'v1/base/small', 'v1', 'base', 'small', 'arm64', 'v1', 'aaaa1111', '', 'clang 19', 'r2',
   'k2', 2, 'cached', 'cached', '', '', '6.12.1', 500, 0, 2);
INSERT INTO cell (id, run, kernel, name, machine, suite, state, reason, explanation, command_line,
  machine_xml, folder, boot_seconds, seconds, expect_unavailable, cell_key, reused_run, why,
  inputs) VALUES
  (1, 1, 1, 'v1/base/cfi/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/1', 2, 3, 0, 'a', 0,
   'never ran here', '[["kernel","k1"]]'),
  (2, 1, 2, 'v1/base/small/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/2', 2, 3, 0, 'b', 0,
   'never ran here', '[["kernel","k2"]]'),
  (3, 2, 3, 'v1/base/cfi/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/3', 2, 3, 0, 'c', 0,
   'kernel k1 -> k3', '[["kernel","k3"]]'),
  (4, 2, 4, 'v1/base/small/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/2', 2, 3, 0, 'b', 1,
   'nothing that its results depend on has changed', '[["kernel","k2"]]');
INSERT INTO case_result (cell, name, outcome, raw, message, seconds, boot, first_line, last_line,
  output, argv) VALUES
  (1, 'boot', 'passed', '0', '', 0.1, 1, 0, 0, '', '[]'),
  (2, 'boot', 'passed', '0', '', 0.1, 1, 0, 0, '', '[]'),
  (3, 'boot', 'failed', '1', 'uname ended with exit code 1', 0.1, 1, 0, 0, '', '[]'),
  (4, 'boot', 'passed', '0', '', 0.1, 1, 0, 0, '', '[]');
