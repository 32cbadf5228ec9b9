"""Fixtures: servers of the real program, each on a directory of its own.

    /usr/bin/python3 -m pytest tests/system

KILLRVIDEO_BINARY         the program to test; build/release/killrvideo if not set
KILLRVIDEO_TEST_SLOWDOWN  how many times slower than a release build it is: time limits grow with it
CI                        if set, tests that need root fail where they would be skipped
"""

import pathlib
import tempfile

import pytest

from support.program import BINARY, SLOWDOWN, Server, tables

# No login is throttled unless a test asks for it: all tests of a worker are one account's peer.
UNTHROTTLED = ("--login-failures-per-account", "1000000", "--login-failures-per-peer", "1000000")

_servers = []


def pytest_sessionstart():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another in KILLRVIDEO_BINARY", 2)


def pytest_collection_modifyitems(items):
    for item in items:
        marker = item.get_closest_marker("timeout")
        limit = marker.args[0] if marker else 60
        item.add_marker(pytest.mark.timeout(limit * SLOWDOWN), append=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for server in _servers:
            report.sections.append((f"log of {server.data_dir}", server.log[-3000:]))


@pytest.fixture
def directory():
    """An empty directory for one test, gone after it."""
    with tempfile.TemporaryDirectory(prefix="killrvideo-test-") as path:
        yield pathlib.Path(path)


def _finish(servers):
    failures = []
    for server in servers:
        try:
            if server.running:
                server.stop()
        except Exception as failure:  # Every server must be ended before the first failure is told.
            server.kill()
            failures.append(failure)
        _servers.remove(server)
    if failures:
        raise failures[0]


@pytest.fixture
def launch(directory):
    """Makes servers of one test: launch("--flag", …), by default on one fresh directory.

    After the test every one that still runs must end well on SIGTERM."""
    made = []

    def make(*flags, data_dir=None, env=None, start=True, addresses=True):
        server = Server(data_dir or directory / "data", *flags, env=env, addresses=addresses)
        made.append(server)
        _servers.append(server)
        return server.start() if start else server

    try:
        yield make
    finally:
        _finish(made)


@pytest.fixture(scope="session")
def server():
    """A server that many tests share: each uses ids of its own."""
    with tempfile.TemporaryDirectory(prefix="killrvideo-shared-") as path:
        shared = Server(pathlib.Path(path) / "data", *UNTHROTTLED)
        _servers.append(shared)
        try:
            yield shared.start()
        finally:
            _finish([shared])


@pytest.fixture(scope="session")
def untouched():
    """A server whose every request is to be refused: no row of any table may ever change."""
    def rows(server):
        return {name: server.table(name) for name in tables(server.data_dir)}

    with tempfile.TemporaryDirectory(prefix="killrvideo-untouched-") as path:
        refusing = Server(pathlib.Path(path) / "data", *UNTHROTTLED)
        _servers.append(refusing)
        try:
            before = rows(refusing.start())
            assert "videos" in before
            yield refusing
            assert rows(refusing) == before
        finally:
            _finish([refusing])


@pytest.fixture
def client(server):
    return server.client
