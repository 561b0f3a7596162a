-- SPDX-License-Identifier: GPL-2.0-or-later
-- How long selftests took to build on a host, the newest first. No more than say something.
SELECT kernel.name, '', '', selftests.suite, selftests.seconds, 0
FROM selftests JOIN run ON run.id = selftests.run JOIN kernel ON kernel.id = selftests.kernel
WHERE run.host = :host AND selftests.state = 'built'
ORDER BY selftests.id DESC
LIMIT 1000
