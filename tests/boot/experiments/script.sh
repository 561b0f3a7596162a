#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cases of script.yaml.
case $1 in
  passes) uname -r ;;
  fails) echo "2 and 2 are 5"; exit 1 ;;
  skips) echo "there is no such device"; exit 4 ;;
  speaks)
    printf 'TAP version 13\n1..3\nok 1 reads\nok 2 writes # SKIP read-only\n'
    printf 'not ok 3 seeks # TODO not written\n' ;;
  nests)
    printf 'KTAP version 1\n1..2\n'
    printf '  KTAP version 1\n  1..2\n  ok 1 small\n  # small is 4096\n  not ok 2 large\n'
    printf 'not ok 1 pages\n'
    printf '# TAP version 13\n# 1..1\n# ok 1 one\nok 2 prefixed\n'
    exit 1 ;;
  floods)
    # From both CPUs, and as fast as the console takes it.
    while :; do echo "a line of a flood"; done >/dev/kmsg &
    while :; do echo "another one"; done >/dev/kmsg ;;
  lies) printf 'TAP version 13\n1..1\nok 1 says\n'; exit 3 ;;
  *) echo "what is '$1'?" >&2; exit 2 ;;
esac
