-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a cell's machine turned out to be, and what happened to it besides results.

ALTER TABLE cell ADD COLUMN accel TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN accel_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN slowness REAL NOT NULL DEFAULT 0 CHECK (slowness >= 0);
ALTER TABLE cell ADD COLUMN notes TEXT NOT NULL DEFAULT '';
