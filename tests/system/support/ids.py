"""Ids, random ones and timeuuids made for a given moment; and text that cannot be compressed."""

import random
import uuid

_GREGORIAN = 0x01B21DD213814000  # 100 ns steps from 1582-10-15 to 1970-01-01


def random_id():
    return str(uuid.uuid4())


def noise(length):
    """Text of so many characters, four bytes each, that takes its room in any store."""
    return "".join(chr(0x10000 + random.getrandbits(15)) for _ in range(length))


def timeuuid(milliseconds, ticks=0, sequence=0, node=1):
    """A version 1 uuid of `milliseconds` since 1970 plus `ticks` of 100 ns."""
    time = milliseconds * 10_000 + ticks + _GREGORIAN
    return str(uuid.UUID(fields=(
        time & 0xFFFFFFFF, (time >> 32) & 0xFFFF, (time >> 48) & 0x0FFF | 0x1000,
        (sequence >> 8) & 0x3F | 0x80, sequence & 0xFF, node)))


def time_of(timeuuid_text):
    """The moment of a timeuuid in milliseconds since 1970, rounded down."""
    return (uuid.UUID(timeuuid_text).time - _GREGORIAN) // 10_000


def uuid_order(text):
    """Sorts uuids as Cassandra's UUIDType does: by version, then by time or by bytes."""
    value = uuid.UUID(text)
    return value.version, value.time if value.version == 1 else 0, value.bytes
