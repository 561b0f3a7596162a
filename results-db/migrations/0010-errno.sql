-- SPDX-License-Identifier: GPL-2.0-or-later
-- The errno that a runner or a library named as the cause of a failure; 0: none.

ALTER TABLE case_result ADD COLUMN errno INTEGER NOT NULL DEFAULT 0;
