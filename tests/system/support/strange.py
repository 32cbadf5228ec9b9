"""Rows that no call would write, but other tools do: written by CQL, and for RocksDB copied from
there."""

import pathlib

from . import cassandra
from .engines import ENGINES, Cassandra
from .program import run

FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999  # What a Timestamp can say.
NEWEST = 1_700_000_000_000  # 2023-11-14

# Times as they may be stored, each with the day that the tool takes it for.
TIMES = {
    "most": (2**63 - 1, "99991231"),
    "microseconds": (NEWEST * 1000, "20231114"),
    "microseconds in a far day": (NEWEST * 1000, "558401230"),
    "after 9999": (LAST + 1, "100000101"),
    "last": (LAST, "99991231"),
    "usual": (NEWEST, "20231114"),
    "before 1970": (-86_400_000_000, "19670407"),
    "first": (FIRST, "00010101"),
    "year 0": (FIRST - 1, "00001231"),
    "year -5": (-62_300_000_000_000, "-0050101"),
    "least": (-2**63, "00010101"),
}


def told(stored):
    return min(max(stored, FIRST), LAST)


def fill(server, write):
    """Has write(keyspace) fill the server's store, which does not run yet."""
    if isinstance(server.engine, Cassandra):
        run("schema", "--apply", "on", *server.store_flags, limit=200)
        write(server.engine.keyspace(server.data_dir))
        run("reindex", "--data-dir", server.data_dir, *server.store_flags, limit=200)  # the days
        return
    source = pathlib.Path(f"{server.data_dir}-source")
    flags = ENGINES["cassandra"].flags(source)
    try:
        run("schema", "--apply", "on", *flags, limit=200)
        write(ENGINES["cassandra"].keyspace(source))
        run("copy", "--from", "cassandra", "--to", "rocksdb", "--data-dir", server.data_dir,
            *[flag for flag in flags if flag not in ("--store", "cassandra")], limit=200)
    finally:
        ENGINES["cassandra"].drop(source)


def write_video(keyspace, video_id, user_id, added, day, **columns):
    """A video's rows in all tables of the catalog; `columns` are those that all of them have."""
    cassandra.insert(keyspace, "latest_videos", yyyymmdd=day, added_date=added, videoid=video_id,
                     userid=user_id, **columns)
    cassandra.insert(keyspace, "user_videos", userid=user_id, added_date=added, videoid=video_id,
                     **columns)
    cassandra.insert(keyspace, "videos", videoid=video_id, userid=user_id, added_date=added,
                     location="dQw4w9WgXcQ", location_type=0, tags=["strange"], **columns)


def check_readable(message):
    """A client can read it: it is not too large, and every Timestamp and id in it is valid."""
    assert message.ByteSize() < 4_000_000
    _check(message)


def _check(message):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.ToJsonString()
        assert FIRST <= message.ToMilliseconds() <= LAST
    elif name in ("killrvideo.common.Uuid", "killrvideo.common.TimeUuid"):
        assert len(message.value) == 36
        assert message.value != "00000000-0000-0000-0000-000000000000"
    for field, value in message.ListFields():
        if field.message_type:
            for each in value if field.label == field.LABEL_REPEATED else [value]:
                _check(each)
