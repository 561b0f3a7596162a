-- SPDX-License-Identifier: GPL-2.0-or-later
-- A run keeps what its command line asked for, so that it can be resumed.

ALTER TABLE run ADD COLUMN selection TEXT NOT NULL DEFAULT '';
