-- SPDX-License-Identifier: GPL-2.0-or-later
-- Two more runs after those of stored.sql, for the commands that look at many: run 3 has the inputs
-- of run 2 and another outcome, run 4 a series and a suite that the others have not.
INSERT INTO run (id, experiment, started, finished, state, host, kmatrix_version, folder, selection)
VALUES
  (3, 1, '2026-02-01T12:00:00Z', '2026-02-01T12:03:00Z', 'done', 'builder', '0.1.0', '/x/runs', ''),
  (4, 1, '2026-02-02T12:00:00Z', '2026-02-02T12:09:00Z', 'done', 'builder', '0.1.0', '/x/runs',
   '{"only":["series=base,fix"],"trees":["v1=/src/linux"]}');
INSERT INTO kernel (id, run, name, tree, series, config, arch, tree_description, tree_digest,
  series_digest, compiler, recipe_key, kernel_key, kernel_config, why, state, first_error, log,
  release, objects, seconds, config_request, series_description) VALUES
  (5, 3, 'v1/base/cfi', 'v1', 'base', 'cfi', 'arm64', 'v1', 'bbbb2222', '', 'clang 19', 'r3', 'k3',
   1, 'cached', 'cached', '', '', '6.12.2', 600, 0, 1, ''),
  (6, 4, 'v1/base/cfi', 'v1', 'base', 'cfi', 'arm64', 'v1', 'bbbb2222', '', 'clang 19', 'r3', 'k3',
   1, 'cached', 'cached', '', '', '6.12.2', 600, 0, 1, ''),
  (7, 4, 'v1/fix/cfi', 'v1', 'fix', 'cfi', 'arm64', 'v1', 'bbbb2222', 'ffff', 'clang 19', 'r4',
   'k4', 1, 'series changed', 'built', '', '', '6.12.2', 600, 290, 1, '2 patches of fix.mbx'),
  (8, 4, 'v1/fix/small', 'v1', 'fix', 'small', 'arm64', 'v1', 'bbbb2222', 'ffff', 'clang 19', 'r5',
   '', NULL, 'never built here', 'failed', 'kernel/fork.c:3:5: error: no', '', '', 0, 20, 2,
   '2 patches of fix.mbx');
INSERT INTO cell (id, run, kernel, name, machine, suite, state, reason, explanation, command_line,
  machine_xml, folder, boot_seconds, seconds, expect_unavailable, cell_key, reused_run, why,
  inputs, accel) VALUES
  (5, 3, 5, 'v1/base/cfi/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/5', 2, 3, 0, 'c', 0,
   'asked for', '[["kernel","k3"]]', 'tcg'),
  (6, 4, 6, 'v1/base/cfi/tcg/boot', 'tcg', 'boot', 'done', '', '', '', '', '/x/5', 2, 3, 0, 'c', 3,
   'nothing that its results depend on has changed', '[["kernel","k3"]]', 'tcg'),
  (7, 4, 6, 'v1/base/cfi/tcg/ftrace', 'tcg', 'ftrace', 'done', '', '', '', '', '/x/7', 2, 50, 0,
   'd', 0, 'never ran here', '[["kernel","k3"]]', 'tcg'),
  (8, 4, 7, 'v1/fix/cfi/tcg/ftrace', 'tcg', 'ftrace', 'done', '', '', '', '', '/x/8', 2, 50, 0,
   'e', 0, 'never ran here', '[["kernel","k4"]]', 'tcg'),
  (9, 4, 8, 'v1/fix/small/tcg/ftrace', 'tcg', 'ftrace', 'blocked', 'its kernel did not build', '',
   '', '', '', 0, 0, 0, 'f', 0, 'never ran here', '', '');
INSERT INTO case_result (cell, name, outcome, raw, message, seconds, boot, first_line, last_line,
  output, argv, errno) VALUES
  (5, 'boot', 'passed', '0', '', 0.2, 1, 0, 0, '', '[]', 0),
  (6, 'boot', 'passed', '0', '', 0.2, 1, 0, 0, '', '[]', 0),
  (7, 'direct/a.tc', 'failed', 'FAIL', 'cannot attach: "Unknown error 524", at ' || char(27) ||
   '[2Jline 3', 1.5, 1, 10, 20, '/x/7/a', '["sh","a.tc"]', 524),
  (7, 'direct/b.tc', 'skipped', 'UNSUPPORTED', '', 0.5, 1, 21, 30, '/x/7/b', '["sh","b.tc"]', 0),
  (8, 'direct/a.tc', 'passed', 'PASS', '', 1.4, 1, 10, 20, '/x/8/a', '["sh","a.tc"]', 0),
  (8, 'direct/b.tc', 'crashed', '', 'the kernel crashed', 4, 1, 21, 40, '/x/8/b', '["sh","b.tc"]',
   0);
INSERT INTO incident (cell, case_name, kind, title, text, boot, first_line, cfi_caller, cfi_target,
  cfi_expected_type, ignored) VALUES
  (3, 'boot', 'warning', 'WARNING in f at kernel/fork.c', 'WARNING', 1, 12, '', '', '', 'known'),
  (5, 'boot', 'warning', 'WARNING in f at kernel/fork.c', 'WARNING', 1, 12, '', '', '', 'known'),
  (8, 'direct/b.tc', 'oops', 'Oops in g', 'Oops: 0' || char(10) || 'g+0x1', 1, 30, '', '', '', '');
