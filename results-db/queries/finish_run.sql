-- SPDX-License-Identifier: GPL-2.0-or-later
UPDATE run SET state = :state, finished = :finished WHERE id = :run
RETURNING id
