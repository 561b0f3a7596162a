# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: objects.py DATABASE CACHE     a run with kernels that have objects, for cases/objects.txt

The database has its tables already. The kernels are v1/base/CONFIG: `one` and `two` have objects
that differ, `old` was built before objects were kept, `gone` is not in the cache, and `bad` did not
build.
"""
import hashlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import zipfile

EXPERIMENT = """kmatrix: 1
name: objects
description: kernels of a few objects
trees: {v1: {debian: linux-source-6.12}}
toolchains: {gcc: {gcc: true}}
configs: {one: {toolchain: gcc}, two: {toolchain: gcc}, old: {toolchain: gcc},
          gone: {toolchain: gcc}, bad: {toolchain: gcc}}
machines: {tcg: {arch: arm64, accel: tcg, cpus: 1, memory_mib: 512}}
suites: {boot: {runner: boot}}
"""
# By config: path, what counts as its content, what counts as loaded, code (of any architecture).
# Digests are of these words, so that the text of the test does not depend on the assembler.
OBJECTS = {
    "one": [("fs/gone.o", "g", "g", "ret"), ("init/main.o", "m", "m", "ret"),
            ("kernel/code.o", "c1", "c1", "nop; ret"), ("kernel/data.o", "d1", "d1", "ret"),
            ("kernel/debug.o", "l1", "l", "ret")],
    "two": [("init/main.o", "m", "m", "ret"), ("kernel/code.o", "c2", "c2", "nop; nop; ret"),
            ("kernel/data.o", "d2", "d2", "ret"), ("kernel/debug.o", "l2", "l", "ret")],
}


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def assemble(code, folder):
    subprocess.run(["gcc", "-c", "-x", "assembler", "-o", folder / "x.o", "-"],
                   input=f".globl f\nf: {code}\n".encode(), check=True)
    content = (folder / "x.o").read_bytes()
    (folder / "x.o").unlink()
    return content


def make_artefact(folder, config, objects):
    (folder / "modules").mkdir(parents=True)
    for name in ("Image", "vmlinux", "System.map", "config", "build.log"):
        (folder / name).write_text("x")
    if objects:
        lines = [f"{digest(content)}\t{digest(loaded)}\t{path}\n" for path, content, loaded, _ in objects]
        (folder / "objects.tsv").write_text("kmatrix objects 1\n" + "".join(lines))
        with zipfile.ZipFile(folder / "objects.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path, _, _, code in objects:
                archive.writestr(path, assemble(code, folder.parent))
    (folder / "build.json").write_text(json.dumps({
        "key": config, "kernel": f"v1/base/{config}", "tree": "v1", "series": "base",
        "config": config, "arch": "arm64", "toolchain": "gcc", "finished_at": "", "release": "6.12",
        "compiler": "gcc", "objects": len(objects), "seconds": 1}))


def main():
    cache = pathlib.Path(sys.argv[2])
    database = sqlite3.connect(sys.argv[1])
    database.execute("INSERT INTO experiment (id, digest, name, file, text) VALUES (1, 'e', 'objects',"
                     " '/x/objects.yaml', ?)", (EXPERIMENT,))
    database.execute("INSERT INTO run (id, experiment, started, finished, state, host, kmatrix_version,"
                     " folder) VALUES (1, 1, '2026-01-31T12:00:00Z', '2026-01-31T12:10:00Z', 'done',"
                     " 'builder', '0.1.0', '/x/runs')")
    database.execute("INSERT INTO kernel_config (id, digest, text) VALUES (1, 'c', '')")
    for config in ("one", "two", "old", "gone", "bad"):
        database.execute(
            "INSERT INTO kernel (run, name, tree, series, config, arch, tree_description, tree_digest,"
            " series_digest, compiler, recipe_key, kernel_key, kernel_config, why, state, first_error,"
            " log, release, objects, seconds) VALUES (1, ?, 'v1', 'base', ?, 'arm64', 'v1', 't', '',"
            " 'gcc', 'r', ?, 1, '', ?, '', '', '6.12', 1, 1)",
            (f"v1/base/{config}", config, config, "failed" if config == "bad" else "built"))
        if config not in ("gone", "bad"):
            make_artefact(cache / "kernels" / config, config, OBJECTS.get(config, []))
    database.commit()


main()
