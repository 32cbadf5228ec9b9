#!/usr/bin/python3
"""Measures what a day's worth of events does to the outbox on Cassandra.

    tools/servers with cassandra --hasty -- bench/outbox_day.py [--quick] [--update-docs]

The events of a day are written and deleted again, minute by minute as they would come, but as fast
as the node takes them: once in our layout, whose partitions are a shard and a minute, and once in
the plain one, a partition for each shard. Now and then the relay's reads are made in both, in the
plain one also as by a relay that knows no positions.
See docs/cassandra.md.
"""

import argparse
import os
import sys
import time
import uuid
from pathlib import Path

from cassandra import ReadFailure, ReadTimeout
from cassandra.util import min_uuid_from_time, uuid_from_time

import report
from cassandra_tables import at_once, in_batches, keyspace, statement_of, tombstones_read
from report import duration, median

ROOT = Path(__file__).resolve().parent.parent
SHARDS = 8
MINUTES = 24 * 60
DELAY = 10  # s before the last reading from which the next one starts
SAVED = 10  # minutes after which it is written down how far the relay has come
PAGE = 500
PAYLOAD = os.urandom(60)
TYPE = "killrvideo.ratings.events.UserRatedVideo"
COLUMNS = "eventid, key, type, payload"
HEADINGS = ("at the end of", "a partition is", "reading of all shards, p50", "longest",
            "tombstones, one shard", "start", "tombstones, one shard")


class Layout:
    """A table of events, and how the relay reads it."""

    def __init__(self, name, table, session):
        self.name, self.table, self.session = name, table, session

    def prepare(self, columns, where):
        values = ", ".join("?" * (columns.count(",") + 5))
        self.insert = self.session.prepare(
            f"INSERT INTO {self.table} ({columns}, {COLUMNS}) VALUES ({values})")
        self.remove = self.session.prepare(
            f"DELETE FROM {self.table} WHERE {where} AND eventid = ?")
        self.read = self.session.prepare(
            f"SELECT {columns}, {COLUMNS} FROM {self.table} WHERE {where} AND eventid >= ? "
            f"LIMIT {PAGE}")

    def write(self, shards):
        in_batches(self.session, self.insert, self.rows(shards))

    def delete(self, shards):
        in_batches(self.session, self.remove,
                   [[row[:-3] for row in rows] for rows in self.rows(shards)])

    def look(self, since, until):
        """The seconds that it takes to read all shards between these times, or None if the server
        refuses to."""
        began = time.monotonic()
        try:
            for shard in range(SHARDS):
                at_once(self.session, self.read, self.places(shard, since, until))
        except (ReadFailure, ReadTimeout):
            return None
        return time.monotonic() - began

    def tombstones(self, since, until):
        try:
            return sum(tombstones_read(self.session, self.read, place)
                       for place in self.places(0, since, until))
        except (ReadFailure, ReadTimeout):
            return None


class Ours(Layout):
    def __init__(self, session):
        super().__init__("a shard and a minute", "outbox_events", session)
        self.prepare("shard, minute", "shard = ? AND minute = ?")

    @staticmethod
    def rows(shards):
        return [[(shard, int(at // 60), eventid, *rest) for at, eventid, *rest in events]
                for shard, events in enumerate(shards) if events]

    @staticmethod
    def places(shard, since, until):
        first = min_uuid_from_time(since)
        return [(shard, minute, first)
                for minute in range(int(since // 60), int((until + DELAY) // 60) + 1)]


class Plain(Layout):
    """A queue in each partition, read from its head."""

    def __init__(self, session, name="a shard, from its head"):
        super().__init__(name, "outbox_plain", session)
        self.prepare("shard", "shard = ?")

    @staticmethod
    def rows(shards):
        return [[(shard, *rest) for _, *rest in events]
                for shard, events in enumerate(shards) if events]

    @staticmethod
    def places(shard, *_):
        return [(shard, min_uuid_from_time(0))]


class Remembered(Plain):
    """The same, read from where the reading before has come to."""

    def __init__(self, session):
        super().__init__(session, "a shard, from where one was")

    @staticmethod
    def places(shard, since, _):
        return [(shard, min_uuid_from_time(since))]


def say(text):
    print(f"outbox_day: {text}", file=sys.stderr, flush=True)


def events_of(minute, count):
    """So many events within a minute, by shards."""
    shards = [[] for _ in range(SHARDS)]
    for n in range(count):
        at = minute * 60 + 60 * n / count
        key = uuid.uuid4()
        shards[key.bytes[-1] % SHARDS].append((at, uuid_from_time(at), key, TYPE, PAYLOAD))
    return shards


def live(written, layouts, begin, minutes, events, parts, lines):
    """Minutes of the day as they come; at the end of each part of them, the relay's reads."""
    part = minutes // parts
    for number in range(minutes):
        minute = begin + number
        count = events * (number + 1) // minutes - events * number // minutes
        shards = events_of(minute, count)
        for layout in written:
            layout.write(shards)
            layout.delete(shards)
        if (number + 1) % part == 0:
            done = f"{events * (number + 1) // minutes:,} events"
            say(done)
            lines += [measured(layout, (minute + 1) * 60, done) for layout in layouts]


def measured(layout, now, done):
    readings = [layout.look(now - DELAY, now) for _ in range(5)]
    start_since = now - SAVED * 60 - DELAY
    refused = None in readings
    return (done, layout.name,
            "refused" if refused else duration(median(readings) * 1e6),
            "refused" if refused else duration(max(readings) * 1e6),
            number_or_refused(layout.tombstones(now - DELAY, now)),
            time_or_refused(layout.look(start_since, now)),
            number_or_refused(layout.tombstones(start_since, now)))


def time_or_refused(seconds):
    return "refused" if seconds is None else duration(seconds * 1e6)


def number_or_refused(number):
    return "refused" if number is None else f"{number:,}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--events", type=int, default=1_000_000, help="of the day")
    parser.add_argument("--quick", action="store_true", help="40,000 events within 96 minutes")
    parser.add_argument("--parts", type=int, default=4, help="how often the reads are made")
    parser.add_argument("--update-docs", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    program = options.build_dir / "killrvideo"
    events, minutes = (40_000, 96) if options.quick else (options.events, MINUTES)
    ours = statement_of(program, "outbox_events")
    plain = (ours.replace("outbox_events", "outbox_plain").replace("  minute int,\n", "")
             .replace("(shard, minute)", "(shard)"))
    lines, began = [], time.monotonic()
    with keyspace("killrvideo_outbox_day", ours, plain) as session:
        begin = int(time.time() // 60) - minutes
        ours, plain = Ours(session), Plain(session)
        live((ours, plain), (ours, plain, Remembered(session)), begin, minutes, events,
             options.parts, lines)
    text = "\n".join([
        report.table(HEADINGS, lines),
        "",
        report.surroundings(program),
        f"- {events:,} events of {minutes:,} minutes, written and deleted in each layout within "
        f"{(time.monotonic() - began) / 60:.1f} minutes in all, on one node on the same machine",
    ])
    print(text)
    if options.update_docs:
        report.update_docs(ROOT / "docs/cassandra.md", text, Path(__file__).name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
