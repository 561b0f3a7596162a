# SPDX-License-Identifier: GPL-2.0-or-later
"""A terminal to try a program in, by tmux, and what is on its screen."""
import os
import subprocess
import sys
import time


class Screen:
    """One window of a tmux server of its own."""

    def __init__(self, folder, width=100, height=24):
        self.commands = 0
        self.socket = os.path.join(folder, "tmux")
        # A shell without anybody's settings, in which the programs run one after the other.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
                  "env", "PS1=$ ", "LC_ALL=C.UTF-8", "sh")
        self.resize(width, height)

    def tmux(self, *words):
        environment = {name: value for name, value in os.environ.items() if name != "TMUX"}
        return subprocess.run(["tmux", "-S", self.socket, *words], check=True, text=True,
                              capture_output=True, env=environment | {"LC_ALL": "C.UTF-8"}).stdout

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def run(self, command):
        self.commands += 1
        self.type(f"clear; {command}; echo command {self.commands} ended with $?")
        self.press("Enter")

    def expect_end(self, code, *texts):
        """Of the command, with these texts on the screen."""
        return self.expect(f"command {self.commands} ended with {code}\n", *texts)

    def seen(self, colours=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def expect(self, *texts, seconds=30):
        """Waits until all of these are on the screen, and returns what is on it."""
        end = time.monotonic() + seconds
        while True:
            seen = self.seen()
            missing = [text for text in texts if text not in seen]
            if not missing:
                return seen
            if time.monotonic() > end:
                self.fail(f"expected {missing!r}")
            time.sleep(0.05)

    def expect_gone(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text in self.seen():
            if time.monotonic() > end:
                self.fail(f"{text!r} is still there")
            time.sleep(0.05)

    def fail(self, why):
        print(self.seen(), file=sys.stderr)
        sys.exit(f"FAILED: {why}; above is the screen")

    def close(self):
        self.tmux("kill-server")
