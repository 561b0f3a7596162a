-- SPDX-License-Identifier: GPL-2.0-or-later
-- What this run built stays built, also if a resumed run finds it in the cache.
INSERT INTO selftests (run, kernel, suite, state, first_error, log, seconds)
VALUES (:run, :kernel, :suite, :state, :first_error, :log, :seconds)
ON CONFLICT (kernel, suite) DO UPDATE SET
  state = excluded.state, first_error = excluded.first_error, log = excluded.log,
  seconds = excluded.seconds
WHERE excluded.state <> 'cached' OR selftests.state = 'failed'
