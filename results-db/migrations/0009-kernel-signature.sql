-- SPDX-License-Identifier: GPL-2.0-or-later
-- What a kernel is for a machine: two with the same signature are the same kernel.

ALTER TABLE kernel ADD COLUMN signature TEXT NOT NULL DEFAULT '';
