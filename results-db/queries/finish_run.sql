-- SPDX-License-Identifier: GPL-2.0-or-later
UPDATE run SET state = :state, finished = :finished, exit_code = NULL WHERE id = :run
RETURNING id
