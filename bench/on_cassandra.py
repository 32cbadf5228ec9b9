#!/usr/bin/python3
"""Measures killrvideo on Cassandra against its driver alone and against Python's driver.

    tools/servers with cassandra --hasty -- bench/on_cassandra.py [--build-dir DIR] [--update-docs]

All three run the same statements with as many clients on the same data, in turns. What is compared
is throughput, and the CPU time that the client of Cassandra takes for a request: for killrvideo
that includes gRPC and what its events lead to. See docs/benchmarks.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import report
from data import PAGE, WALKED_PAGES
from processes import LoadFailed, Server, run_load
from report import duration, median, spread, verdict_on

ROOT = Path(__file__).resolve().parent.parent
KEYSPACE = "killrvideo_bench"
SIZES = ("--users", "2000", "--videos", "5000", "--comments", "100000", "--ratings", "0")
SIDES = ("killrvideo", "driver alone", "Python's driver")
HEADINGS = ("what", "clients", *SIDES, "throughput and CPU / driver alone",
            "throughput and CPU / Python's", "bar", "met")
LEAST_THROUGHPUT, MOST_CPU = 0.75, 3
MOST_WALK, MOST_MANY = 1.1, 2
CASSANDRA_TAKES = 5_000  # µs


@dataclass(frozen=True)
class Row:
    what: str
    scenario: str
    clients: int = 64


# Reads come first: what the writes leave behind would be in their way.
ROWS = (
    Row("GetVideo", "get-video"),
    Row("GetVideoComments, pages of 20", "video-comments"),
    Row("RecordPlaybackStarted", "record-playback"),
    Row("CommentOnVideo", "comment-on-video"),
    Row("RateVideo", "rate-video"),
    Row("CreateUser", "create-user", clients=4),
)


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options, contact_point, work):
        self.options, self.contact_point = options, contact_point
        self.program = options.build_dir / "killrvideo"
        self.cluster = ("--store", "cassandra", "--cassandra-contact-points", contact_point,
                        "--cassandra-keyspace", KEYSPACE)
        self.store = (*self.cluster, "--data-dir", work / "data")
        self.ids = work / "ids.json"

    def run(self):
        """The cells of the table, line by line."""
        ids = self.generate()
        with self.server(self.store[-1]) as server:
            yield self.compare_previews(server)
            for row in ROWS:
                yield self.compare(server, row)
            yield self.measure_ceiling()
            yield self.compare_pages(server, ids)

    def generate(self):
        """Returns the ids, which are in a file, too."""
        subprocess.run([self.program, "generate", *SIZES, *self.store], check=True)
        ids = self.collect_ids()
        self.ids.write_text(json.dumps(ids))
        return ids

    def server(self, data_dir):
        return Server(self.program, "serve", *self.cluster, "--data-dir", data_dir,
                      "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0")

    def load(self, server, scenario, *arguments, ids=None):
        server.settle(patience=20)
        return run_load(self.options.build_dir / "bench_load", server, scenario, ids or self.ids,
                        *arguments)

    def times(self, clients):
        return ("--clients", clients, "--warm-up", 1, "--measured", self.options.seconds)

    def measure_ceiling(self):
        """What gRPC alone takes when answers come as late as they do from Cassandra."""
        say("a constant over bare gRPC")
        ceiling = self.options.build_dir / "bench_ceiling"
        with Server(ceiling, "--answer-after", CASSANDRA_TAKES) as server:
            runs = [self.load(server, "ceiling", *self.times(64))
                    for _ in range(self.options.rounds)]
        for run in runs:
            run["cpu_us"] = run["server_cpu_us"]
        what = f"bare gRPC, a constant after {duration(CASSANDRA_TAKES)}"
        return (what, "64", side_of(runs), *[""] * (len(HEADINGS) - 3))

    def compare(self, server, row):
        turns = []
        for turn in range(self.options.rounds):
            say(f"round {turn + 1} of {self.options.rounds}: {row.what}")
            try:
                turns.append(self.turn(server, row))
            except LoadFailed as failure:
                return (f"{row.what}: {failure}", *[""] * (len(HEADINGS) - 2), "**FAILED**")
        return cells_of(row, turns)

    def turn(self, server, row):
        times = self.times(row.clients)
        ours = self.load(server, row.scenario, *times)
        ours["cpu_us"] = ours["server_cpu_us"]
        alone = ("--contact-point", self.contact_point, "--keyspace", KEYSPACE,
                 "--scenario", row.scenario, "--ids", self.ids, *times)
        return ours, *(self.report_of(program, *alone) for program in
                       (self.options.build_dir / "bench_driver", ROOT / "bench/python_driver.py"))

    @staticmethod
    def report_of(*command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)

    def compare_previews(self, server):
        """One client, so that it is the time of a request and not the machine that is compared."""
        one, many = [], []
        for turn in range(self.options.rounds):
            say(f"round {turn + 1} of {self.options.rounds}: previews")
            one.append(self.load(server, "previews-1", *self.times(1))["p50_us"])
            many.append(self.load(server, "previews-20", *self.times(1))["p50_us"])
        return ratio_cells("20 previews / one", one, many, MOST_MANY)

    def compare_pages(self, server, ids):
        """A video gets as many comments as the walk needs, and is then walked through."""
        say("page 1 and page 1,000 of a walk")
        video = ids["videos"][0]
        only = self.ids.with_name("walk.json")
        only.write_text(json.dumps(ids | {"videos": [video], "walked_video": video}))
        written = 0
        fill = ("--clients", 64, "--warm-up", 0, "--measured", 10)
        while written < PAGE * (WALKED_PAGES + 1):
            written += self.load(server, "comment-on-video", *fill, ids=only)["requests"]
        walks = [self.load(server, "comment-walk", ids=only) for _ in range(self.options.rounds)]
        first, far = ([walk[page]["median_us"] for walk in walks]
                      for page in ("first_page", "far_page"))
        return ratio_cells("page 1,000 of a walk / page 1", first, far, MOST_WALK)

    def rows(self, table):
        command = [self.program, "table", table, *self.store]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            yield from map(json.loads, process.stdout)

    def collect_ids(self):
        comments = {}
        for row in self.rows("comments_by_video"):
            comments[row["videoid"]] = comments.get(row["videoid"], 0) + 1
        return {
            "videos": [row["videoid"] for row in self.rows("videos")],
            "users": [row["userid"] for row in self.rows("users")],
            "commented_videos": [video for video, count in comments.items() if count >= PAGE],
            "queries": [],
            "walked_video": "",
        }


def side_of(runs):
    rate, cpu, p99 = (median([run[key] for run in runs])
                      for key in ("requests_per_second", "cpu_us", "p99_us"))
    return f"{rate:,.0f}/s, {cpu:.0f} µs, p99 {duration(p99)}"


def cells_of(row, turns):
    cells = [row.what, str(row.clients)]
    cells += [side_of(runs) for runs in zip(*turns)]
    for other in (1, 2):
        throughput, cpu = (
            [turn[0][key] / turn[other][key] for turn in turns]
            for key in ("requests_per_second", "cpu_us"))
        cells.append(f"{spread(throughput)}; {spread(cpu)}")
        if other == 1:
            verdict = verdict_on(throughput=median(throughput) >= LEAST_THROUGHPUT,
                                 CPU=median(cpu) <= MOST_CPU)
    return (*cells, f"≥ {LEAST_THROUGHPUT}; ≤ {MOST_CPU}", verdict)


def ratio_cells(what, one, other, most):
    ratios = [b / a for a, b in zip(one, other)]
    times = f"p50 {duration(median(other))} / {duration(median(one))}"
    return (f"{what}: {spread(ratios)}", "1", times, "", "", "", "", f"≤ {most}",
            verdict_on(time=median(ratios) <= most))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="measured per run")
    parser.add_argument("--update-docs", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    cluster = os.environ.get("KILLRVIDEO_TEST_CASSANDRA")
    if not cluster:
        parser.error("KILLRVIDEO_TEST_CASSANDRA names no cluster: use `tools/servers with`")
    with tempfile.TemporaryDirectory(prefix="killrvideo-bench-") as work:
        lines = list(Bench(options, cluster.split(",")[0], Path(work)).run())
    text = "\n".join([
        report.table(HEADINGS, lines),
        "",
        report.surroundings(options.build_dir / "killrvideo"),
        f"- {options.rounds} rounds of {options.seconds:g} s a row; data: {' '.join(SIZES)}",
    ])
    print(text)
    if options.update_docs:
        report.update_docs(ROOT / "docs/benchmarks.md", text, Path(__file__).name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
