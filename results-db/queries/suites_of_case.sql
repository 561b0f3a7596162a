-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT name, suite FROM suite_case WHERE name = :name ORDER BY suite
