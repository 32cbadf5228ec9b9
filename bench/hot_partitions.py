#!/usr/bin/python3
"""Measures partitions of many rows on Cassandra: the comments of one video, the videos of one day.

    tools/servers with cassandra --hasty -- bench/hot_partitions.py [--quick] [--update-docs]

See docs/cassandra.md.
"""

import argparse
import datetime
import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from cassandra.util import uuid_from_time

import report
from cassandra_tables import contact_point, in_batches, keyspace, statement_of
from report import duration, median, spread

ROOT = Path(__file__).resolve().parent.parent
KEYSPACE = "killrvideo_hot_partitions"
TABLES = ("comments_by_video", "comments_by_user", "latest_videos", "outbox_events")
PAGE = 20
BATCH = 100
READS = 200
NOW = time.time()
WORDS = ("the", "second", "half", "is", "even", "better", "and", "what", "a", "view", "over",
         "harbour", "I", "have", "been", "there", "twice", "never", "again", "music", "else")
WORDS_OF_A_COMMENT = 20  # some 100 characters
HEADINGS = ("partition", "rows", "size", "first page, p50", "p99", "page in its middle, p50", "p99")
WRITE_HEADINGS = ("CommentOnVideo, from 64 clients", "comments/s", "p50", "p99")


class Comments:
    """The comments of one video."""
    name, table, key = "comments_by_video", "comments_by_video", "videoid"
    insert = ("INSERT INTO comments_by_video (videoid, commentid, userid, comment) "
              "VALUES (?, ?, ?, ?)")
    page = f"SELECT * FROM comments_by_video WHERE videoid = ? AND commentid <= ? LIMIT {PAGE + 1}"

    def __init__(self):
        self.partition = uuid.uuid4()

    def place(self, n):
        return uuid_from_time(NOW - n / 100)

    def row(self, n):
        return self.partition, self.place(n), uuid.uuid4(), " ".join(
            random.choices(WORDS, k=WORDS_OF_A_COMMENT))


class Uploads:
    """The videos of one day."""
    name, table, key = "latest_videos", "latest_videos", "yyyymmdd"
    insert = ("INSERT INTO latest_videos (yyyymmdd, added_date, videoid, userid, name, "
              "preview_image_location) VALUES (?, ?, ?, ?, ?, ?)")
    page = f"SELECT * FROM latest_videos WHERE yyyymmdd = ? AND added_date <= ? LIMIT {PAGE + 1}"
    days = 0

    def __init__(self):
        Uploads.days += 1
        self.day = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=Uploads.days)
        self.partition = self.day.strftime("%Y%m%d")

    def place(self, n):
        return self.day + datetime.timedelta(milliseconds=86_399_999 - n * 80)

    def row(self, n):
        return (self.partition, self.place(n), uuid.uuid4(), uuid.uuid4(),
                "A day at the harbour", "//img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg")


def say(text):
    print(f"hot_partitions: {text}", file=sys.stderr, flush=True)


def fill(session, partition, rows):
    in_batches(session, session.prepare(partition.insert),
               ([partition.row(n) for n in range(first, min(first + BATCH, rows))]
                for first in range(0, rows, BATCH)))


def time_reads(session, partition, place):
    statement = session.prepare(partition.page)
    times = []
    for _ in range(READS):
        began = time.monotonic()
        rows = list(session.execute(statement, (partition.partition, place)))
        times.append((time.monotonic() - began) * 1e6)
        assert len(rows) == PAGE + 1
    return duration(median(times)), duration(sorted(times)[len(times) * 99 // 100])


class Node:
    """What only the server's own tool can do."""

    def __init__(self, servers_dir):
        self.command = [ROOT / "tools/servers", "--dir", servers_dir, "nodetool", "n1"]

    def __call__(self, *arguments):
        done = subprocess.run([*self.command, *arguments], check=True, capture_output=True,
                              text=True)
        return done.stdout

    def bytes_on_disk(self, table):
        """Of all that was flushed."""
        self("flush", KEYSPACE)
        lines = self("tablestats", f"{KEYSPACE}.{table}").splitlines()
        return next(int(line.split(":")[1]) for line in lines if "Space used (live)" in line)


def measure_reads(session, node, kind, sizes):
    for rows in sizes:
        partition = kind()
        say(f"{kind.name}: {rows:,} rows in one partition")
        before = node.bytes_on_disk(kind.table)
        fill(session, partition, rows)
        size = node.bytes_on_disk(kind.table) - before
        first = time_reads(session, partition, partition.place(0))
        middle = time_reads(session, partition, partition.place(rows // 2))
        yield (kind.name, f"{rows:,}", f"{size / 1e6:.1f} MB", *first, *middle)


def measure_writes(program, rounds, seconds):
    """Comments on one video and on many, in turns."""
    videos = [str(uuid.uuid4()) for _ in range(1000)]
    runs = {"on one video": (videos[:1], []), "on 1,000 videos": (videos, [])}
    with tempfile.TemporaryDirectory(prefix="killrvideo-bench-") as work:
        ids = Path(work) / "ids.json"
        for _ in range(rounds):
            for where, (chosen, reports) in runs.items():
                say(f"comments {where}")
                ids.write_text(json.dumps({"videos": chosen, "users": videos, "queries": [],
                                           "commented_videos": [], "walked_video": ""}))
                command = [program, "--contact-point", contact_point(), "--keyspace", KEYSPACE,
                           "--scenario", "comment-on-video", "--ids", ids, "--clients", "64",
                           "--warm-up", "1", "--measured", str(seconds)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                reports.append(json.loads(done.stdout))
    for where, (_, reports) in runs.items():
        yield (where, spread([run["requests_per_second"] for run in reports], "{:,.0f}"),
               *(duration(median([run[key] for run in reports])) for key in ("p50_us", "p99_us")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--servers-dir", type=Path, default=ROOT / "build/servers",
                        help="what `tools/servers --dir` was told")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="measured per run of writes")
    parser.add_argument("--quick", action="store_true", help="up to 50,000 rows, runs of 3 s")
    parser.add_argument("--update-docs", action="store_true", help="keep the tables in docs/")
    options = parser.parse_args()
    if options.quick:
        options.rows, options.seconds = [1_000, 50_000], 3
    program = options.build_dir / "killrvideo"
    node = Node(options.servers_dir)
    with keyspace(KEYSPACE, *(statement_of(program, table) for table in TABLES)) as session:
        reads = [line for kind in (Comments, Uploads)
                 for line in measure_reads(session, node, kind, options.rows)]
        writes = list(measure_writes(options.build_dir / "bench_driver", options.rounds,
                                     options.seconds))
    text = "\n".join([
        report.table(HEADINGS, reads),
        "",
        report.table(WRITE_HEADINGS, writes),
        "",
        report.surroundings(program),
        f"- one node on the same machine; {READS} pages of {PAGE} read one after the other by "
        f"Python's driver, after a flush; writes by bench_driver, {options.rounds} rounds of "
        f"{options.seconds:g} s",
    ])
    print(text)
    if options.update_docs:
        report.update_docs(ROOT / "docs/cassandra.md", text, Path(__file__).name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
