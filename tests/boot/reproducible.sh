#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same inputs give bit-identical kernels: from cold caches, in different folders, with another
# number of jobs, with ccache cold and warm. Three builds of a small kernel, so they are repeated
# only if something that builds has changed.
. "$(dirname "$0")/lib.sh"
cd "$top"
expect_code 0 kmatrix cache --json
tree=$(python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
print(next(e["name"] for e in d["entries"]
           if e["kind"] == "trees" and (e["label"] or "").startswith("linux-source-6.12 ")))
' "$work/out") || fail "the quickstart test, which fetches linux-source-6.12, must run before this one"
stamp=$base/reproducible.stamp
now=$({ cat orchestrator/build/*.cpp orchestrator/build/*.h; clang-19 --version; echo "$tree"; } | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
  echo "nothing that builds has changed since this was good"
else
  # The caches lie beside the tree, as they share its files.
  cache=$(realpath "$base/cache")
  caches=$cache/tmp/reproducible-$$
  trap 'rm -rf "$caches"' EXIT
  KMATRIX_TEST_TREE=$cache/trees/$tree KMATRIX_TEST_CACHE=$caches "${REPRODUCIBLE_TEST:?}" ||
    fail "builds differ"
  echo "$now" >"$stamp"
fi
finished
