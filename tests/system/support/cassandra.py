"""Cassandra as seen by tests: where its servers are, and statements to run on them."""

import json
import os
import socket
import struct

import pytest

_STARTUP, _READY, _QUERY, _RESULT = 1, 2, 7, 8
_HEADER = struct.Struct(">BBhBI")  # Version, flags, stream, kind, length of what follows.
_ONE, _QUORUM, ALL = 1, 4, 5  # consistency levels


class Refused(Exception):
    """A server answered with an error."""


def addresses():
    """HOST:PORT of the servers that `make test` starts; without them a test has failed."""
    text = os.environ.get("KILLRVIDEO_TEST_CASSANDRA")
    if not text:
        pytest.fail("KILLRVIDEO_TEST_CASSANDRA is not set: run the tests with `make test`, or "
                    "below `tools/servers with cassandra --`")
    return text.split(",")


def execute(cql, address=None, limit=60, consistency=_QUORUM):
    """Runs a statement; returns the body of the answer. Raises Refused with the server's words."""
    host, port = (address or addresses()[0]).rsplit(":", 1)
    with socket.create_connection((host, int(port)), limit) as connection:
        kind, body = _ask(connection, _STARTUP, _string_map({"CQL_VERSION": "3.0.0"}))
        assert kind == _READY, body
        text = cql.encode()
        body = struct.pack(">I", len(text)) + text + struct.pack(">HB", consistency, 0)
        kind, body = _ask(connection, _QUERY, body)
        if kind != _RESULT:
            raise Refused(f"{cql}: {body[6:].decode(errors='replace')}")
        return body


def insert(keyspace, table, **columns):
    """Writes a row as another tool would: columns that are not given are null."""
    row = json.dumps(columns, ensure_ascii=False).replace("'", "''")
    execute(f"INSERT INTO {keyspace}.{table} JSON '{row}'")


def is_whole():
    """Whether every server sees all others and has the same schema as they."""
    # The table has three copies: of three servers, all have to answer.
    level = ALL if len(addresses()) == 3 else _ONE
    try:
        for address in addresses():
            execute("SELECT * FROM system_distributed.view_build_status LIMIT 1", address,
                    consistency=level)
        return len(set(schema_versions())) == 1
    except (OSError, AssertionError, Refused):
        return False


def schema_versions():
    """What tells the version of each server's schema, in the order of addresses()."""
    return [execute("SELECT schema_version FROM system.local", address)
            for address in addresses()]


def _string_map(values):
    parts = [struct.pack(">H", len(values))]
    for pair in values.items():
        for text in pair:
            parts.append(struct.pack(">H", len(text)) + text.encode())
    return b"".join(parts)


def _ask(connection, kind, body):
    connection.sendall(_HEADER.pack(4, 0, 0, kind, len(body)) + body)
    *_, answer, length = _HEADER.unpack(_read(connection, _HEADER.size))
    return answer, _read(connection, length)


def _read(connection, length):
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        assert part, "the connection was closed"
        data += part
    return data
