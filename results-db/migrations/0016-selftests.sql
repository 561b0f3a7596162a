-- SPDX-License-Identifier: GPL-2.0-or-later
-- What was built for a kernel's cells besides the kernel, and how long it took.

CREATE TABLE selftests (
  id          INTEGER PRIMARY KEY,
  run         INTEGER NOT NULL,
  kernel      INTEGER NOT NULL,
  suite       TEXT NOT NULL,
  state       TEXT NOT NULL,
  first_error TEXT NOT NULL,
  log         TEXT NOT NULL,
  seconds     REAL NOT NULL CHECK (seconds >= 0),
  UNIQUE (kernel, suite),
  FOREIGN KEY (kernel, run) REFERENCES kernel (id, run) ON DELETE CASCADE,
  CONSTRAINT known_selftests_state CHECK (state IN ('cached', 'built', 'failed'))
) STRICT;
CREATE INDEX selftests_by_run ON selftests (run);

CREATE VIEW selftests_build AS
SELECT selftests.run AS run, run.started AS started, run.host AS host, kernel.id AS kernel_id,
       kernel.name AS kernel, kernel.tree AS tree, kernel.series AS series,
       kernel.config AS config, selftests.suite AS suite, selftests.state AS state,
       selftests.state = 'cached' AS cached, selftests.seconds AS seconds,
       selftests.first_error AS first_error
FROM selftests JOIN run ON run.id = selftests.run JOIN kernel ON kernel.id = selftests.kernel;
