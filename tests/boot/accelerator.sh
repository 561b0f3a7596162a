#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# accel: auto. The probe really boots, ends in bounded time, and what it says is kept; a guest of
# another architecture gets TCG without one.
. "$(dirname "$0")/lib.sh"
arch=$(uname -m)

if [ -r /dev/kvm ] && command -v "qemu-system-$arch" >/dev/null; then
  begin=$SECONDS
  kmatrix doctor --json >"$work/out" 2>"$work/err" || true
  # The probe itself may take a minute under TCG, and twice that under KVM, on the busiest of hosts.
  [ $((SECONDS - begin)) -lt 240 ] || fail "doctor took $((SECONDS - begin)) s"
  json '[f["found"] for f in d["findings"] if f["what"] == "kvm"][0].startswith("accel: auto takes ")'
  json '"probe" in [f["found"] for f in d["findings"] if f["what"] == "kvm"][0]'
  json '"does not run here at all" not in [f["found"] for f in d["findings"] if f["what"] == "kvm"][0]'
  no_machine_left
  ls "$base"/cache/probes/*.json >/dev/null || fail "the probe's result is not kept"
fi

sed -e "s,series/arm64,$top/matrices/series/arm64,; s,\[fragments,[$top/matrices/fragments," \
  -e "s,accel: tcg,accel: auto," "$top/matrices/quickstart.yaml" > "$work/auto.yaml"
grep -q "accel: auto" "$work/auto.yaml" || fail "the quickstart has no accel: tcg any more"
expect_code 0 kmatrix run "$work/auto.yaml" --only suite=boot --only series=base
expect_code 0 kmatrix show --json
json '[c["outcome"] for c in cases] == ["passed"]'
json 'd["cells"][0]["accel"] in ("tcg", "kvm") and len(d["cells"][0]["accel_reason"]) > 0'
[ "$arch" = aarch64 ] || json 'd["cells"][0]["accel"] == "tcg" and "kvm cannot run arm64 guests" in d["cells"][0]["accel_reason"]'
expect_code 0 kmatrix show
says out "accel "
expect_code 0 kmatrix run "$work/auto.yaml" --only suite=boot --only series=base
expect_code 0 kmatrix show --json
json 'd["cells"][0]["reused_run"] == 1 and len(d["cells"][0]["accel_reason"]) > 0'
finished
