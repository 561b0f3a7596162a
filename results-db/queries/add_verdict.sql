-- SPDX-License-Identifier: GPL-2.0-or-later
INSERT INTO verdict (run, suite, case_name, verdict, scope, counts)
VALUES (:run, :suite, :case_name, :verdict, :scope, :counts)
