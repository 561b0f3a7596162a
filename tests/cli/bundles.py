# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes bundles into a folder: one whose tree is not in it, and some that nobody should read."""
import copy
import hashlib
import io
import json
import sys
import tarfile

EXPERIMENT = """kmatrix: 1
name: mine
trees:
  mine: {folder: trees/mine}
toolchains:
  gcc: {gcc: true, cross: aarch64-linux-gnu-}
configs:
  small: {toolchain: gcc}
machines:
  tcg: {}
suites:
  boot: {runner: boot}
"""
KERNEL = dict(name="mine/base/small", tree="mine", series="base", config="small", arch="arm64",
              tree_description="folder HOME/linux content 0123456789ab", tree_digest="1" * 64,
              series_description="", series_digest="", compiler="gcc 12", recipe_key="r",
              kernel_key="k", signature="s", release="6.12.0", state="built", first_error="")
CELL = dict(name="mine/base/small/tcg/boot", machine="tcg", suite="boot", state="done", reason="",
            command_line="", accel="tcg", key="c", slowness=1.0, boot_seconds=2.0,
            inputs=[["kernel", "k"]])
CASE = dict(name="boot", outcome="failed", raw="1", message="", errno=0, seconds=1.0, further=[],
            output="")
MANIFEST = dict(kmatrix_bundle=1, kmatrix_version="0.1.0", experiment="mine", run=3,
                started="2026-01-31T12:00:00Z", case="", before=[], has_tree=False, kernel=KERNEL,
                cell=CELL, cases=[CASE], incidents=[], files=[])


def write(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def bundle(path, experiment=EXPERIMENT, edit=lambda manifest: None, more=()):
    data = experiment.encode()
    manifest = copy.deepcopy(MANIFEST)
    manifest["files"] = [dict(path="experiment.yaml", size=len(data),
                              sha256=hashlib.sha256(data).hexdigest())]
    edit(manifest)
    write(path, [("manifest.json", json.dumps(manifest).encode()), ("experiment.yaml", data), *more])


folder = sys.argv[1]
bundle(f"{folder}/good.kmatrix")
bundle(f"{folder}/newer.kmatrix", edit=lambda m: m.update(kmatrix_bundle=2))
bundle(f"{folder}/more.kmatrix", more=[("more", b"x")])
bundle(f"{folder}/outside.kmatrix", more=[("../../outside", b"x")])
bundle(f"{folder}/reads.kmatrix", EXPERIMENT.replace("trees/mine", "/etc"))
bundle(f"{folder}/other.kmatrix", edit=lambda m: m["cell"].update(name="mine/base/small/tcg/more"))
bundle(f"{folder}/huge.kmatrix", more=[("huge", bytes(20 << 20))])
write(f"{folder}/empty.kmatrix", [("experiment.yaml", EXPERIMENT.encode())])
with open(f"{folder}/good.kmatrix", "rb") as good, open(f"{folder}/cut.kmatrix", "wb") as cut:
    cut.write(good.read()[:300])
