-- SPDX-License-Identifier: GPL-2.0-or-later
SELECT selftests.run, selftests.kernel, kernel.name, selftests.suite, selftests.state,
       selftests.first_error, selftests.log, selftests.seconds
FROM selftests JOIN kernel ON kernel.id = selftests.kernel
WHERE selftests.run = :run
ORDER BY selftests.kernel, selftests.id
