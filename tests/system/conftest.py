"""Fixtures: servers of the real program, each on a directory of its own.

    /usr/bin/python3 -m pytest tests/system

KILLRVIDEO_BINARY         the program to test; build/release/killrvideo if not set
KILLRVIDEO_TEST_CASSANDRA Cassandra's servers, HOST:PORT separated by commas
KILLRVIDEO_TEST_OPENSEARCH OpenSearch's node, HOST:PORT
KILLRVIDEO_TEST_SLOWDOWN  how many times slower than a release build it is: time limits grow with it
CI                        if set, tests that need root fail where they would be skipped
"""

import functools
import pathlib
import shutil
import signal
import tempfile

import pytest

from support.dataset import PUBLIC
from support.engines import ENGINES, STORES, Cassandra
from support.kafka import Kafka
from support.program import BINARY, Server, run, tables
from support.search import wait_for_index
from support.waiting import SLOWDOWN

# No login is throttled unless a test asks for it: all tests of a worker are one account's peer.
UNTHROTTLED = ("--login-failures-per-account", "1000000", "--login-failures-per-peer", "1000000")

_servers = []


def pytest_configure():
    """Programs of tests heed signals, also when these tests were started by what ignores them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            handler = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, handler)


def pytest_sessionstart():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another in KILLRVIDEO_BINARY", 2)


def pytest_generate_tests(metafunc):
    """Tests of a module with EVERY_ENGINE = True run on each store, others on RocksDB; with
    EVERY_INDEX = True also on the search index in OpenSearch. A class that has an engine of its
    own runs on that."""
    wanted = (getattr(metafunc.module, "EVERY_ENGINE", False)
              and not hasattr(metafunc.cls, "engine")
              and not metafunc.definition.get_closest_marker("rocksdb"))
    if wanted and "engine" in metafunc.fixturenames:
        with_index = getattr(metafunc.module, "EVERY_INDEX", False)
        metafunc.parametrize("engine", ENGINES if with_index else STORES, indirect=True,
                             scope="session")


def pytest_collection_modifyitems(items):
    for item in items:
        marker = item.get_closest_marker("timeout")
        # A new keyspace alone takes Cassandra half a minute on a busy machine.
        usual = 300 if "cassandra" in item.nodeid else 60
        limit = marker.args[0] if marker else usual
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


@pytest.fixture(scope="session")
def engine(request):
    """What the servers of a test keep their data in."""
    return ENGINES[getattr(request, "param", "rocksdb")]


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
    for server in servers:
        server.engine.drop(server.data_dir)
    if failures:
        raise failures[0]


@pytest.fixture
def make_tool_server(directory):
    """Makes servers of `tools/servers` for one test, which starts them:
    make_tool_server(Kafka, …)."""
    made = []

    def make(kind, *arguments, **options):
        made.append(kind(directory / f"tool{len(made)}", *arguments, **options))
        return made[-1]
    yield make
    for server in made:
        server.wipe()


@pytest.fixture
def make_kafka(make_tool_server):
    return functools.partial(make_tool_server, Kafka)


@pytest.fixture
def kafka(make_kafka):
    """A broker of one test."""
    return make_kafka().start()


@pytest.fixture
def launch(directory, engine, make_tool_server):
    """Makes servers of one test: launch("--flag", …), by default on one fresh directory.

    After the test every one that still runs must end well on SIGTERM; before the tool servers, for
    which they would wait."""
    made = []

    def make(*flags, data_dir=None, env=None, start=True, addresses=True):
        server = Server(data_dir or directory / "data", *flags, env=env, addresses=addresses,
                        engine=engine)
        made.append(server)
        _servers.append(server)
        return server.start() if start else server

    try:
        yield make
    finally:
        _finish(made)


@pytest.fixture
def launch_process(directory, make_tool_server):
    """Makes servers that share a keyspace: launch_process("--flag", …). They end as those of
    launch do."""
    made, engine = [], Cassandra(shared=directory)

    def make(*flags):
        server = Server(directory / f"server{len(made)}", *flags, engine=engine)
        made.append(server)
        _servers.append(server)
        return server.start()

    try:
        yield make
    finally:
        _finish(made)


@pytest.fixture(scope="session")
def shared_servers():
    """Servers that live as long as the tests, by names; made when first asked for."""
    made = {}
    with tempfile.TemporaryDirectory(prefix="killrvideo-shared-") as path:
        def shared(name, engine, csv=None, prepare=None):
            """The server of this name on this engine; the files in `csv` are imported first, or
            prepare(server) fills its store."""
            name = f"{name}-{type(engine).__name__}"
            if name not in made:
                new = Server(pathlib.Path(path) / name, *UNTHROTTLED, engine=engine)
                if csv:
                    run("import", csv, "--data-dir", new.data_dir, *new.store_flags)
                if prepare:
                    prepare(new)
                made[name] = new
                _servers.append(new)
                new.start()
                wait_for_index(new)
            return made[name]
        try:
            yield shared
        finally:
            _finish(made.values())


@pytest.fixture(scope="session")
def server(engine, shared_servers):
    """A server that many tests share: each uses ids of its own."""
    return shared_servers("server", engine)


@pytest.fixture(scope="session")
def public_server(shared_servers):
    """A server with the videos of KillrVideo's public data set, which nobody changes."""
    with tempfile.TemporaryDirectory(prefix="killrvideo-test-") as csv:
        shutil.copy(PUBLIC / "videos.csv", csv)
        yield shared_servers("public", ENGINES["rocksdb"], csv=csv)


@pytest.fixture(scope="session")
def untouched(shared_servers):
    """A server whose every request is to be refused: no row of any table may ever change, but for
    how far the relay and the search for pending ratings have come, which is written down now and
    then."""
    refusing = shared_servers("untouched", ENGINES["rocksdb"])
    names = set(tables(refusing.data_dir)) - {"queue_positions", "suggestions_epoch"}
    before = {name: refusing.table(name) for name in names}
    assert "videos" in before
    yield refusing
    assert {name: refusing.table(name) for name in before} == before


@pytest.fixture
def client(server):
    return server.client
