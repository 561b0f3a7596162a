#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Damage in the cache is noticed and mended; gc removes what is not in use and never results. On a
# copy of the cache, for others use it too.
. "$(dirname "$0")/lib.sh"
shared=$(realpath "$base/cache")
mine=$shared/tmp/cache-test-$$
trap 'rm -rf "$mine"' EXIT
mkdir -p "$mine"
# Sources are only linked: nothing here writes to them.
for kind in trees sources seals resolved; do cp -al "$shared/$kind" "$mine/"; done
for kind in kernels recipes names rootfs images disks; do cp -a "$shared/$kind" "$mine/"; done
file=$top/matrices/quickstart.yaml
kmatrix() { "${KMATRIX:?}" --db "$work/results.db" --cache "$mine" "$@"; }
boot() { kmatrix run "$file" --only suite=boot --only series=base --again; }

expect_code 0 boot
expect_code 0 kmatrix cache
says out "kernels"
expect_code 0 kmatrix cache verify
says out "0 damaged"

# A flipped bit in the root disk: said, written again, and the run is good.
disk=$(ls -t "$mine"/images/*.erofs | head -n 1)
before=$(sha256sum <"$disk")
flip() { # file: a bit in the middle, with the time of before
  touch -r "$1" "$work/time"
  chmod u+w "$1"
  python3 - "$1" <<'PY'
import os, sys
with open(sys.argv[1], "r+b") as f:
    f.seek(os.path.getsize(sys.argv[1]) // 2)
    byte = f.read(1)[0]
    f.seek(-1, 1)
    f.write(bytes([byte ^ 16]))
PY
  touch -r "$work/time" "$1"
}
flip "$disk"
expect_code 0 boot
says err "in the cache is damaged: it has another content; it is made again"
[ "$(sha256sum <"$disk")" = "$before" ] || fail "the disk is not as before"

# A flipped bit in a kernel: verify finds it, and the plan knows that it must be built.
expect_code 0 kmatrix plan "$file" --json --only suite=boot --only series=base
key=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["kernels"][0]["kernel_key"])' "$work/out")
flip "$mine/kernels/$key/vmlinux"
expect_code 69 kmatrix cache verify
says out "is damaged: vmlinux has another content; removed"
expect_code 0 kmatrix plan "$file" --only suite=boot --only series=base
says out "not in the cache"
cp -a "$shared/kernels/$key" "$mine/kernels/$key"
expect_code 0 kmatrix plan "$file" --only suite=boot --only series=base
says out "0 to build"

# While a run uses them, gc leaves its kernel, its disks and its sources.
boot >"$work/run.out" 2>"$work/run.err" &
pid=$!
for _ in $(seq 600); do
  ls "$work"/results.runs/3/*/*/*/*/boot/console-1.log >/dev/null 2>&1 && break
  kill -0 $pid 2>/dev/null || { cat "$work/run.err" >&2; fail "kmatrix ended by itself"; }
  read -rt 0.1 <> <(:) || true
done
expect_code 0 kmatrix gc --keep 0
says out "are in use"
[ -e "$mine/kernels/$key" ] || fail "gc removed a kernel in use"
[ -e "$disk" ] || fail "gc removed a disk in use"
code=0; wait $pid || code=$?
[ $code = 0 ] || { cat "$work/run.err" >&2; fail "the run failed with $code"; }

# Afterwards it may have all, but only says so when asked to try; results stay.
expect_code 0 kmatrix gc --keep 0 --dry-run
says out "would remove kernels/${key:0:12}"
[ -e "$mine/kernels/$key" ] || fail "a dry run removed something"
expect_code 0 kmatrix gc --keep 1T
says out "removed 0 B"
expect_code 0 kmatrix gc --keep 0
[ ! -e "$mine/kernels/$key" ] || fail "gc left a kernel that nobody uses"
expect_code 0 kmatrix cache --json
json 'd["entries"] == []'
expect_code 0 kmatrix show --json
json 'all(c["outcome"] == "passed" for c in cases) and len(cases) == 1'
expect_code 2 kmatrix gc --keep much
says err "no size"
finished
