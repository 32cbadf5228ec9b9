#!/usr/bin/python3
"""Measures the distributed tier: events over Kafka, searches in OpenSearch, several processes.

    tools/servers with cassandra --hasty -- tools/servers with kafka -- \\
      tools/servers with opensearch -- bench/tier.py [--build-dir DIR] [--quick] [--update-docs]

What each row compares is said in docs/benchmarks.md.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import report
import searches
from on_cassandra import Bench as OnCassandra
from processes import run_load
from report import duration, median, spread, verdict_on

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 64
LEAST_OF_BARE_EVENTS, LEAST_OF_BARE_SEARCHES = 0.5, 0.8
PROCESSES = (1, 2, 3)
SHARE = 0.15  # of a core


def say(text):
    print(f"tier: {text}", file=sys.stderr, flush=True)


def address_of(kind):
    address = os.environ.get(f"KILLRVIDEO_TEST_{kind}")
    if not address:
        sys.exit(f"tier: KILLRVIDEO_TEST_{kind} names no server: see --help")
    return address.split(",")[0]


class Share:
    """A part of a core that a process has, whatever else the machine has to do."""

    PERIOD = 100_000  # µs

    def __init__(self, cores):
        quota = int(cores * self.PERIOD)
        first = Path("/sys/fs/cgroup/cpu")
        parent = first if first.is_dir() else first.parent
        self._group = parent / f"killrvideo-{os.urandom(4).hex()}"
        try:
            self._group.mkdir()
            if first.is_dir():
                (self._group / "cpu.cfs_period_us").write_text(str(self.PERIOD))
                (self._group / "cpu.cfs_quota_us").write_text(str(quota))
            else:
                (self._group / "cpu.max").write_text(f"{quota} {self.PERIOD}")
        except OSError as error:
            sys.exit(f"tier: processes cannot be given shares of a core: {error}")

    def give_to(self, pid):
        (self._group / "cgroup.procs").write_text(str(pid))

    def remove(self):
        self._group.rmdir()


def events(options, work):
    """From the commit of an event to the call of its handler."""
    command = [options.build_dir / "bench_events", "--bootstrap-server", address_of("KAFKA"),
               "--clients", CLIENTS, "--measured", options.seconds]

    def run(*more):
        done = subprocess.run([str(word) for word in (*command, *more)], cwd=work,
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return json.loads(done.stdout)

    pairs = []
    for turn in range(options.rounds):
        say(f"round {turn + 1} of {options.rounds}: events over Kafka")
        pairs.append((run(), run("--bare")))
    ratios = [ours["events_per_second"] / bare["events_per_second"] for ours, bare in pairs]

    def side(runs):
        rate, p50, p99 = (median([run[key] for run in runs])
                          for key in ("events_per_second", "p50_us", "p99_us"))
        return f"{rate:,.0f}/s, p50 {duration(p50)}, p99 {duration(p99)}"
    ours, bare = zip(*pairs)
    return ("events, from commit to effect", CLIENTS, side(ours), side(bare), spread(ratios),
            f"≥ {LEAST_OF_BARE_EVENTS}",
            verdict_on(rate=median(ratios) >= LEAST_OF_BARE_EVENTS))


def searching(options, work):
    say("searches in OpenSearch")
    pairs = searches.measure(work, address_of("OPENSEARCH"), options.videos, options.rounds,
                             options.seconds)
    ratios = [ours / bare for (ours, _), (bare, _) in pairs]

    def side(runs):
        rate, used = map(median, zip(*runs))
        return f"{rate:,.0f}/s; the client takes {duration(used)} of CPU"
    ours, bare = map(side, zip(*pairs))
    return ("SearchVideos, pages of 10", 4, ours, bare, spread(ratios),
            f"≥ {LEAST_OF_BARE_SEARCHES}",
            verdict_on(rate=median(ratios) >= LEAST_OF_BARE_SEARCHES))


def growth(options, work):
    """GetVideo through one to three processes, each with the same share of a core."""
    bench = OnCassandra(options, address_of("CASSANDRA"), work)
    bench.generate()
    alone = None
    for count in PROCESSES:
        rates = []
        for turn in range(options.rounds):
            say(f"round {turn + 1} of {options.rounds}: {count} processes")
            rates.append(rate_of(bench, count, work, options))
        alone = alone or median(rates)
        yield (str(count), str(32 * count), spread(rates, "{:,.0f}"),
               spread([rate / alone for rate in rates]))


def rate_of(bench, count, work, options):
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(bench.server(work / f"process{number}"))
                   for number in range(count)]
        for server in servers:
            share = Share(SHARE)
            stack.callback(share.remove)
            share.give_to(server.pid)

        def load(server):
            times = ("--clients", 32, "--warm-up", 2, "--measured", options.seconds)
            return run_load(options.build_dir / "bench_load", server, "get-video", bench.ids,
                            *times)["requests_per_second"]
        with ThreadPoolExecutor(count) as pool:
            rate = sum(pool.map(load, servers))
        for server in servers:
            server.end()  # before its group is removed
        return rate


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="measured per run")
    parser.add_argument("--videos", type=int, default=20_000, help="to search in")
    parser.add_argument("--quick", action="store_true", help="one round of three seconds")
    parser.add_argument("--update-docs", action="store_true", help="keep the tables in docs/")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.videos = 1, 3, 2_000
    with tempfile.TemporaryDirectory(prefix="killrvideo-bench-", dir=options.build_dir) as path:
        work = Path(path)
        rows = [events(options, work), searching(options, work)]
        grown = list(growth(options, work))
    text = "\n".join([
        report.table(("what", "clients", "killrvideo", "bare client", "ratio", "bar", "met"),
                     [tuple(map(str, row)) for row in rows]),
        "",
        report.table(("processes", "clients", "GetVideo requests/s", "× one process"), grown),
        "",
        report.surroundings(options.build_dir / "killrvideo"),
        f"- {options.rounds} rounds of {options.seconds:g} s a row; {options.videos:,} videos to "
        f"search in; each process of the second table has {SHARE} of a core",
    ])
    print(text)
    if options.update_docs:
        report.update_docs(ROOT / "docs/benchmarks.md", text, Path(__file__).name)


if __name__ == "__main__":
    main()
