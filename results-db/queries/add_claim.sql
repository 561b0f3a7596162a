-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO claim (run, position, text, place, state, basis, evidence)
VALUES (:run, :position, :text, :place, :state, :basis, :evidence)
