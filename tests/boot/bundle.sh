#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A cell is bundled, and replayed as somebody else would: from another folder, with another database.
. "$(dirname "$0")/lib.sh"
elsewhere() { (cd "$work/there" && "${KMATRIX:?}" --db "$work/there/results.db" --cache "$base/cache" "$@"); }
mkdir "$work/there"

expect_code 1 kmatrix run "$here/experiments/script.yaml" --only suite=strict
expect_code 0 kmatrix bundle latest strict --out "$work/strict.kmatrix"
[ "$(stat -c %s "$work/strict.kmatrix")" -lt 200000 ] || fail "the bundle is not small"
mkdir "$work/unpacked"
tar xf "$work/strict.kmatrix" -C "$work/unpacked"
[ "$(tar tf "$work/strict.kmatrix" | head -n 1)" = manifest.json ] || fail "manifest.json is not first"
[ -x "$work/unpacked/files/script.sh" ] || fail "the suite's file has lost its right to run"
grep -q CONFIG_LKDTM=y "$work/unpacked/config" || fail "there is no .config"
! grep -rqF -e "$work" -e "$base/cache" "$work/unpacked" || fail "a path of this host is in the bundle"

# The same, and known as such; the run is one like any other.
expect_code 0 elsewhere replay "$work/strict.kmatrix" --json
json 'd["same"] is True and d["differing_keys"] == []'
json '{"kernel", "signature", "config", "image"} <= set(d["same_keys"])'
json '{c["name"]: c["now"] for c in d["cases"]}["fails"] == ["unresolved"]'
json 'all(c["recorded"] == c["now"] for c in d["cases"]) and len(d["cases"]) == 5'
expect_code 0 elsewhere show --json
json 'd["run"]["replay_of"].startswith("v6.12/misbehaving/clang-cfi/arm64-tcg/strict of run 1 of script")'
json 'd["kernels"][0]["state"] == "cached"'

# One case, twice, with what ran before it.
expect_code 0 kmatrix bundle latest strict fails -o "$work/fails.kmatrix"
expect_code 0 elsewhere replay "$work/fails.kmatrix" --times 2
says out "fails  unresolved  2 unresolved  same"
says err "1 case that ran before it on its machine runs first; --alone leaves it out"

# What was recorded is not what comes.
python3 - "$work" <<'PYTHON'
import io, json, sys, tarfile
work = sys.argv[1]
def change(source, target, edit):
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = old.extractfile(member).read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
                edit(manifest)
                data = json.dumps(manifest).encode()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
def passed(manifest):
    for case in manifest["cases"]:
        if case["name"] == "fails": case["outcome"] = "passed"
    manifest["kernel"]["compiler"] = "clang version 18"
def other_tree(manifest): manifest["kernel"]["tree_digest"] = "0" * 64
change(f"{work}/fails.kmatrix", f"{work}/other.kmatrix", passed)
change(f"{work}/fails.kmatrix", f"{work}/tree.kmatrix", other_tree)
with tarfile.open(f"{work}/hostile.kmatrix", "w:gz") as hostile:
    for name in ("manifest.json", "../escaped"):
        info = tarfile.TarInfo(name)
        hostile.addfile(info, io.BytesIO(b""))
PYTHON
expect_code 1 elsewhere replay "$work/other.kmatrix" --alone
says out "fails  passed    unresolved  differs"
says out "compiler  clang version 18"
says out "it differs: 0 of 1 case came out as recorded"
expect_code 0 elsewhere show --json
json '[c["name"] for c in cases] == ["fails"]'
expect_code 2 elsewhere replay "$work/tree.kmatrix"
says err "tree v6.12 is not the one that ran"
expect_code 2 elsewhere replay "$work/hostile.kmatrix"
says err "a member has a name that is none"
[ -z "$(find "$work" -name escaped)" ] || fail "a member was written"

# The bundle is an experiment by itself, and a replay can be bundled again.
expect_code 0 elsewhere plan "$work/unpacked/experiment.yaml"
says out "1 kernels, 1 cached, 0 to build; 1 cells"
expect_code 0 elsewhere bundle 1 strict -o "$work/again.kmatrix"
cmp <(tar xOf "$work/strict.kmatrix" experiment.yaml | tail -n +2) \
  <(tar xOf "$work/again.kmatrix" experiment.yaml | tail -n +2) || fail "the experiment has changed on its way"
finished
