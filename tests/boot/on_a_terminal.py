#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: on_a_terminal.py KMATRIX ARG... shell FILE CELL

Uses `kmatrix shell` as a person does, on a pseudo-terminal: prompt, window size, Ctrl-C, job
control, Ctrl-], and what becomes of the terminal when kmatrix is killed."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

command = sys.argv[1:]


class Visit:
    def __init__(self):
        self.master, self.slave = pty.openpty()
        self.window(40, 100)
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.seen = ""
        self.expect(r"kmatrix:/kmatrix/cell# $")

    def window(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        self.seen = ""
        os.write(self.master, text.encode())

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 4096).decode(errors="replace")
            return True
        return False

    def expect(self, pattern, seconds=120):
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            if not self.read(1) and time.monotonic() > end:
                sys.exit(f"expected {pattern!r}, saw {self.seen!r}")

    def ends(self, code):
        while self.process.poll() is None:
            self.read(0.1)
        if self.process.returncode != code:
            sys.exit(f"exit code {self.process.returncode} instead of {code}: {self.seen!r}")

    def terminal_is_as_before(self):
        end = time.monotonic() + 20
        while termios.tcgetattr(self.slave) != self.before:
            if time.monotonic() > end:
                sys.exit("the terminal was left in another state")
            time.sleep(0.1)
        os.close(self.master)
        os.close(self.slave)


def no_machine_left(visit):
    mine = f"kmatrix-shell-{visit.process.pid}"
    end = time.monotonic() + 30
    while subprocess.run(["pgrep", "-f", f"guest={mine}"], stdout=subprocess.DEVNULL).returncode == 0:
        if time.monotonic() > end:
            sys.exit(f"machine {mine} is left")
        time.sleep(0.2)


visit = Visit()
visit.type("stty size\r")
visit.expect(r"\n40 100\r")
visit.window(50, 132)
time.sleep(1)
visit.type("stty size\r")
visit.expect(r"\n50 132\r")
visit.type("sleep 1000\r")
visit.expect("sleep 1000")
time.sleep(1)
visit.type("\x03")
visit.expect(r"\^C[^#]*kmatrix:/kmatrix/cell# $")
visit.type("echo code-$?\r")
visit.expect(r"\ncode-130\r")
visit.type("sleep 1000 &\rjobs\r")
visit.expect("Running")
visit.type("id -u; exit 5\r")
visit.expect(r"\n0\r")
visit.ends(5)
visit.terminal_is_as_before()
no_machine_left(visit)

visit = Visit()
visit.type("\x1d")
visit.ends(0)
visit.terminal_is_as_before()
no_machine_left(visit)

for how, code in ((signal.SIGTERM, 130), (signal.SIGSEGV, -signal.SIGSEGV),
                  (signal.SIGKILL, -signal.SIGKILL)):
    visit = Visit()
    visit.process.send_signal(how)
    visit.ends(code)
    visit.terminal_is_as_before()
    no_machine_left(visit)
print("good")
