-- SPDX-License-Identifier: GPL-2.0-or-later
-- A row of the same run and name keeps its id, and so its cases and incidents.
INSERT INTO cell (
  run, kernel, name, machine, suite, state, reason, explanation, command_line, machine_xml, folder,
  boot_seconds, seconds, expect_unavailable, cell_key, reused_run, why, inputs, accel,
  accel_reason, slowness, notes, ignore_key, identity, identical_to)
VALUES (
  :run, :kernel, :name, :machine, :suite, :state, :reason, :explanation, :command_line,
  :machine_xml, :folder, :boot_seconds, :seconds, :expect_unavailable, :cell_key,
  :reused_run, :why, :inputs, :accel, :accel_reason, :slowness, :notes, :ignore_key,
  :identity, :identical_to)
ON CONFLICT (run, name) DO UPDATE SET
  kernel = excluded.kernel, machine = excluded.machine, suite = excluded.suite,
  state = excluded.state, reason = excluded.reason, explanation = excluded.explanation,
  command_line = excluded.command_line, machine_xml = excluded.machine_xml,
  folder = excluded.folder, boot_seconds = excluded.boot_seconds, seconds = excluded.seconds,
  expect_unavailable = excluded.expect_unavailable, cell_key = excluded.cell_key,
  reused_run = excluded.reused_run, why = excluded.why, inputs = excluded.inputs,
  accel = excluded.accel, accel_reason = excluded.accel_reason, slowness = excluded.slowness,
  notes = excluded.notes, ignore_key = excluded.ignore_key,
  identity = excluded.identity, identical_to = excluded.identical_to
RETURNING id
