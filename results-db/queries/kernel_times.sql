-- SPDX-License-Identifier: GPL-2.0-or-later
-- How long kernels took to build on a host, the newest first. No more than say something.
SELECT kernel.name, kernel.config, '', '', kernel.seconds, kernel.objects
FROM kernel JOIN run ON run.id = kernel.run
WHERE run.host = :host AND kernel.state = 'built'
ORDER BY kernel.id DESC
LIMIT 1000
