"""Tables of ours, alone in a keyspace of their own, for what is measured by hand on Cassandra."""

import contextlib
import os
import re
import subprocess

from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.query import BatchStatement, BatchType, tuple_factory

BATCHES_AT_ONCE = 16
_READ = re.compile(r"Read (\d+) live rows and (\d+) tombstone cells")


def contact_point():
    """HOST:PORT of the first server that `tools/servers with` has started."""
    servers = os.environ.get("KILLRVIDEO_TEST_CASSANDRA")
    if not servers:
        raise SystemExit("KILLRVIDEO_TEST_CASSANDRA names no cluster: use `tools/servers with`")
    return servers.split(",")[0]


def statement_of(program, table):
    """The statement that makes a table, as `killrvideo schema` prints it, without its keyspace."""
    script = subprocess.run([program, "schema"], check=True, capture_output=True, text=True).stdout
    found = re.search(rf"CREATE TABLE IF NOT EXISTS \w+\.({table} \(.*?);", script, re.S)
    return f"CREATE TABLE {found[1]}"


@contextlib.contextmanager
def keyspace(name, *statements):
    """A session in a new keyspace with these tables, which goes away at the end."""
    host, port = contact_point().rsplit(":", 1)
    profile = ExecutionProfile(request_timeout=120, row_factory=tuple_factory,
                               consistency_level=ConsistencyLevel.LOCAL_QUORUM)
    with Cluster([host], int(port), execution_profiles={EXEC_PROFILE_DEFAULT: profile},
                 connect_timeout=120, control_connection_timeout=120) as cluster:
        session = cluster.connect()
        session.execute(f"DROP KEYSPACE IF EXISTS {name}", timeout=120)
        session.execute(f"CREATE KEYSPACE {name} WITH replication = "
                        "{'class': 'SimpleStrategy', 'replication_factor': 1}")
        session.set_keyspace(name)
        try:
            for statement in statements:
                session.execute(statement)
            yield session
        finally:
            session.execute(f"DROP KEYSPACE {name}", timeout=120)


def in_batches(session, statement, partitions):
    """Runs a statement for the rows of each partition, those of one as one batch."""
    def batches():
        for rows in partitions:
            batch = BatchStatement(BatchType.UNLOGGED)
            for row in rows:
                batch.add(statement, row)
            yield batch
    for start in _slices(batches(), BATCHES_AT_ONCE):
        for future in [session.execute_async(batch) for batch in start]:
            future.result()


def at_once(session, statement, all_values):
    """The rows that a statement gives for each of these values, which are asked for at once."""
    results = execute_concurrent_with_args(session, statement, all_values,
                                           concurrency=max(1, len(all_values)))
    return [list(result.result_or_exc) for result in results]


def tombstones_read(session, statement, values):
    """How many tombstones the server meets in answering this, by its own account."""
    future = session.execute_async(statement, values, trace=True)
    future.result()
    read = [_READ.search(event.description) for event in future.get_query_trace(60).events]
    return sum(int(match[2]) for match in read if match)


def _slices(things, size):
    gathered = []
    for thing in things:
        gathered.append(thing)
        if len(gathered) == size:
            yield gathered
            gathered = []
    if gathered:
        yield gathered
