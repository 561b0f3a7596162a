-- SPDX-License-Identifier: GPL-2.0-or-later
UPDATE run SET exit_code = :exit_code WHERE id = :run
