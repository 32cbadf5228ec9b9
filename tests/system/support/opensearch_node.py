"""An OpenSearch of a test's own."""

import subprocess

from .program import ROOT, free_port


class OpenSearch:
    """One node of a test's own, with its state in `directory`."""

    def __init__(self, directory):
        self.port = free_port()
        self.url = f"http://127.0.0.71:{self.port}"
        self._directory = directory

    def start(self):
        # Its other port is a hundred higher.
        self._servers("start", "opensearch", "--ip", "127.0.0.71", "--port", self.port)
        return self

    def pause(self):
        self._servers("pause", "opensearch")

    def resume(self):
        self._servers("resume", "opensearch")

    def kill(self):
        self._servers("kill", "opensearch")

    def restart(self):
        self._servers("restart", "opensearch")

    def stop(self):
        if (self._directory / "opensearch").exists():
            self._servers("stop", "opensearch")

    def _servers(self, *arguments):
        done = subprocess.run(
            [ROOT / "tools" / "servers", "--dir", self._directory, *map(str, arguments)],
            capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
