"""Servers of a test's own, which `tools/servers` runs."""

import subprocess

from .program import ROOT
from .waiting import seconds


class ToolServer:
    """One of a kind, with its state in `directory`."""

    kind = None

    def __init__(self, directory, *flags):
        self._directory = directory
        self._flags = flags

    def start(self):
        self._servers("start", self.kind, *self._flags)
        return self

    def kill(self):
        self._servers("kill", self.kind)

    def restart(self):
        self._servers("restart", self.kind)

    def pause(self):
        self._servers("pause", self.kind)

    def resume(self):
        self._servers("resume", self.kind)

    def wipe(self):
        """Ends it by force, and its data is gone. Does nothing if it was never started."""
        if any((self._directory / self.kind).glob("*/run.json")):
            self._servers("wipe", self.kind)

    def _servers(self, *arguments):
        """Fails loudly if the server cannot be had."""
        done = subprocess.run(
            [ROOT / "tools" / "servers", "--dir", self._directory, *map(str, arguments)],
            text=True, capture_output=True, timeout=seconds(300))
        assert done.returncode == 0, done.stdout + done.stderr
