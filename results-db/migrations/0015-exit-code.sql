-- SPDX-License-Identifier: GPL-2.0-or-later
-- How a run ended, so that a list of runs can say whether they were good.

ALTER TABLE run ADD COLUMN exit_code INTEGER CHECK (exit_code BETWEEN 0 AND 255);
