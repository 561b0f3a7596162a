-- SPDX-License-Identifier: GPL-2.0-or-later
-- Incidents that an experiment ignores are recorded with the reason.

ALTER TABLE incident ADD COLUMN ignored TEXT NOT NULL DEFAULT '';
ALTER TABLE cell ADD COLUMN ignore_key TEXT NOT NULL DEFAULT '';
