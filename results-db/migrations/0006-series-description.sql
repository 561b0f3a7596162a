-- SPDX-License-Identifier: GPL-2.0-or-later
-- Which patches a kernel really had: a branch moves, and the command line may name others than the
-- experiment.

ALTER TABLE kernel ADD COLUMN series_description TEXT NOT NULL DEFAULT '';
