"""A store that a newer version of the program has written."""

import re
import struct

import pytest

from support.ids import noise, random_id, timeuuid
from support.program import BAD_DATA_DIR, clear_line, run

NOW = 1_700_000_000_000
OURS, NEWER = re.compile(rb'{"version":[1-8],'), b'{"version":9,'


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def replace_in_log(path, pattern, text):
    """Changes one record of RocksDB's log, with its checksum; returns whether it is there."""
    log = bytearray(path.read_bytes())
    place = 0
    while place + 7 <= len(log):
        length, = struct.unpack_from("<H", log, place + 4)
        record = slice(place + 6, place + 7 + length)  # its type and what it holds
        if pattern.search(log[record]):
            log[record] = pattern.sub(text, log[record])
            crc = crc32c(log[record])
            masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
            struct.pack_into("<I", log, place, masked)
            path.write_bytes(log)
            return True
        place += 7 + length
        if 32768 - place % 32768 < 7:  # no record begins so near to the end of a block
            place += 32768 - place % 32768
    return False


@pytest.fixture
def newer(launch):
    """A stopped server whose store says that a newer version has written it."""
    server = launch()
    server.text = noise(200)
    server.client.comment(random_id(), random_id(), timeuuid(NOW), server.text)
    server.kill()
    assert any(replace_in_log(log, OURS, NEWER) for log in server.data_dir.rglob("*.log"))
    return server


def has(directory, pattern):
    return any(re.search(pattern, path.read_bytes()) for path in directory.rglob("*.*"))


@pytest.mark.parametrize("times", [1, 3])
def test_it_is_left_to_the_newer_version(newer, times):
    for _ in range(times):
        line = newer.fails(BAD_DATA_DIR)
        assert "schema version 9" in line and "newer killrvideo" in line
    done = run("table", "videos", "--data-dir", newer.data_dir, code=BAD_DATA_DIR)
    assert "schema version 9" in clear_line(done.stderr)
    store = newer.data_dir / "store"
    assert has(store, newer.text[:40].encode())
    assert has(store, NEWER) and not has(store, OURS)


def test_it_can_be_backed_up(newer, directory):
    """A backup takes what is there, and changes and judges nothing."""
    run("backup", directory / "copy", "--data-dir", newer.data_dir)
    assert has(directory / "copy", NEWER)
    assert "schema version 9" in newer.fails(BAD_DATA_DIR)
