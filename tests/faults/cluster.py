"""The cluster that `make test` starts, to be broken and mended."""

import os
import subprocess
import sys

from support import cassandra
from support.program import ROOT
from support.waiting import eventually

PATIENCE, WHOLE_LIMIT = 60, 180
_TOOL = ROOT / "tools" / "servers"


class Cluster:
    """Three nodes, n1 to n3. Whoever breaks it mends it: mend() is called after every test."""

    def __init__(self):
        self.addresses = cassandra.addresses()
        assert len(self.addresses) == 3, "tests of faults take a cluster of three nodes"
        self._state = os.environ["KILLRVIDEO_TEST_SERVERS"]
        self.nodes = ["n1", "n2", "n3"]

    def kill(self, *nodes):
        self._each("kill", nodes)

    def pause(self, *nodes):
        self._each("pause", nodes)

    def resume(self, *nodes):
        """Returns when the cluster is whole again, if all nodes run."""
        self._each("resume", nodes)
        self._become_whole()

    def stop(self, *nodes):
        self._each("stop", nodes)

    def start(self, *nodes):
        """Returns when the nodes take requests again, and if all nodes run when they all see each
        other: else to kill the next one would be to have two dead."""
        self._each("restart", nodes)
        self._become_whole()

    def mend(self):
        """Whatever happened, all nodes work, and work together, when this returns."""
        states = self._states()
        self._each("resume", [node for node, state in states.items() if state == "paused"])
        self._each("restart", [node for node, state in states.items()
                               if state in ("dead", "stopped")])
        self._become_whole()

    def _become_whole(self):
        if set(self._states().values()) != {"running"}:
            return
        try:
            eventually(cassandra.is_whole, PATIENCE, "a whole cluster")
        except AssertionError:
            self._restart_those_left_behind()
            eventually(cassandra.is_whole, WHOLE_LIMIT, "a whole cluster")

    def _restart_those_left_behind(self):
        """A node that came back while others were dead may never again ask for the schema, nor
        get its changes, though all see it as up: Cassandra 5.0.6 gets over it by a restart."""
        versions = cassandra.schema_versions()
        usual = max(versions, key=versions.count)
        behind = [node for node, version in zip(self.nodes, versions) if version != usual]
        self._each("stop", behind)
        self._each("restart", behind)

    def _states(self):
        lines = self._run("status").stdout.splitlines()
        words = [line.split() for line in lines if line.startswith("cassandra/")]
        return {label.removeprefix("cassandra/"): state for label, state, *_ in words}

    def _each(self, command, nodes):
        for node in nodes:
            done = self._run(command, f"cassandra/{node}")
            assert done.returncode == 0, done.stderr

    def _run(self, *arguments):
        return subprocess.run([sys.executable, _TOOL, "--dir", self._state, *arguments],
                              text=True, capture_output=True, timeout=600)
