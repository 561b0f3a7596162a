#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: tests/bench/site.sh KMATRIX STORE_BENCH
# How long it takes to publish a run of 100,000 cases, three times, and how large the pages are.
# Prints a Markdown table.
set -euo pipefail
kmatrix=$(realpath "${1:?usage: tests/bench/site.sh KMATRIX STORE_BENCH}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${2:?usage: tests/bench/site.sh KMATRIX STORE_BENCH}" "$work/results.db" 1 >/dev/null
echo "| what | wall time | CPU time | pages | all pages | first page |"
echo "| --- | --- | --- | --- | --- | --- |"
for _ in 1 2 3; do
  TIMEFORMAT='%R %U %S'
  { time "$kmatrix" --db "$work/results.db" dashboard publish --out "$work/site" --json \
    >"$work/json"; } 2>"$work/time"
  python3 - "$work/json" "$work/time" <<'PY'
import json, sys
site = json.load(open(sys.argv[1]))
wall, user, system = map(float, open(sys.argv[2]).read().split()[-3:])
print(f"| publish 100,000 results | {wall:.2f} s | {user + system:.2f} s | {site['pages']} | "
      f"{site['bytes'] / 1e6:.1f} MB | {site['first_page_bytes'] / 1024:.1f} KiB |")
PY
done
