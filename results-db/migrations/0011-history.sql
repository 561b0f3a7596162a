-- SPDX-License-Identifier: GPL-2.0-or-later
-- The history of a case over all runs, found without reading all results. An index on the names of
-- case_result would do it too, but each new result would touch another page of it: with two million
-- results taking in more was three times slower. The names are few, and a known one costs a look-up.

CREATE TABLE suite_case (
  name  TEXT NOT NULL,
  suite TEXT NOT NULL,
  PRIMARY KEY (name, suite)
) STRICT, WITHOUT ROWID;

INSERT INTO suite_case (name, suite)
SELECT DISTINCT case_result.name, cell.suite
FROM cell JOIN case_result ON case_result.cell = cell.id;

CREATE TRIGGER case_result_names_a_case AFTER INSERT ON case_result
WHEN NOT EXISTS (SELECT 1 FROM suite_case
                 WHERE name = NEW.name AND suite = (SELECT suite FROM cell WHERE id = NEW.cell))
BEGIN
  INSERT INTO suite_case (name, suite) SELECT NEW.name, suite FROM cell WHERE id = NEW.cell;
END;

CREATE INDEX cell_by_suite ON cell (suite, run);
