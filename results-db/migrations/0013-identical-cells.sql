-- SPDX-License-Identifier: GPL-2.0-or-later
-- Cells whose machines would get to see the same: one of them runs.

ALTER TABLE cell ADD COLUMN identity TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN identical_to TEXT NOT NULL DEFAULT '';
