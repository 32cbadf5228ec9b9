"""Fixtures for tests of faults: the cluster of `make test`, and servers of the program on it.

    tools/servers with cassandra --nodes 3 -- /usr/bin/python3 -m pytest tests/faults

KILLRVIDEO_BINARY          the program to test; build/release/killrvideo if not set
KILLRVIDEO_TEST_CASSANDRA  the nodes, HOST:PORT separated by commas; set by tools/servers
KILLRVIDEO_TEST_SERVERS    the --dir of tools/servers; set by it, too
KILLRVIDEO_SOAK_SECONDS    how long the random faults go on
"""

import pathlib
import tempfile

import pytest

from cluster import Cluster
from support import cassandra
from support.engines import Cassandra
from support.program import Server

# All clients of a test are one peer.
UNTHROTTLED = ("--login-failures-per-account", "1000000", "--login-failures-per-peer", "1000000")

# A new keyspace takes a change of the schema for each table, on which all nodes have to agree.
START_LIMIT = 180

_reports = []
_servers = []


@pytest.fixture(scope="session")
def _cluster():
    return Cluster()


@pytest.fixture
def cluster(_cluster):
    _cluster.mend()
    yield _cluster
    _cluster.mend()


@pytest.fixture
def directory():
    with tempfile.TemporaryDirectory(prefix="killrvideo-faults-") as path:
        yield pathlib.Path(path)


@pytest.fixture
def launch(directory, cluster):
    """Makes servers on one keyspace of three copies; every one must end well after the test."""
    made = []

    def make(*flags, start=True):
        server = Server(directory / f"server{len(made)}", *UNTHROTTLED, *flags,
                        engine=Cassandra(shared=directory))
        made.append(server)
        _servers.append(server)
        if start:
            server.launch()
            server.started(START_LIMIT)
        return server

    try:
        yield make
    finally:
        cluster.mend()
        del _servers[:]
        for server in made:
            if server.running:
                server.stop(limit=START_LIMIT)
        if made:
            _drop_keyspace(made[0])


def _drop_keyspace(server):
    try:
        server.engine.drop(server.data_dir)
    except cassandra.Refused as refusal:
        # A node of Cassandra 5.0 that was killed may not know a table any more that it is to drop.
        # No other test uses this keyspace.
        _reports.append(f"a keyspace stays: {refusal}")


@pytest.fixture
def report(request):
    """Takes a line to be shown at the end."""
    return lambda text: _reports.append(f"{request.node.name}: {text}")


def pytest_terminal_summary(terminalreporter):
    if _reports:
        terminalreporter.section("what it was like under faults")
        for line in _reports:
            terminalreporter.line(line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    result = outcome.get_result()
    if result.failed:
        for server in _servers:
            result.sections.append((f"log of {server.data_dir}", server.log[-5000:]))
