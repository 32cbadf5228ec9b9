#!/usr/bin/python3
"""Measures killrvideo against a bare gRPC server and prints one table. See docs/benchmarks.md.

`make bench` builds what this needs and starts it. A missed bar is a result, not a failure: the exit
code is 1 only if a server gave wrong answers or could not be run.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import report
from data import LARGE, SMALL, Data
from processes import LoadFailed, Server, background, load_command, run_load
from report import Line, duration, median, spread, verdict_on

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """A scenario that is compared to the ceiling, with the bars that it should meet, if any."""

    what: str
    scenario: str
    clients: int
    least_throughput: float | None = None
    most_cpu: float | None = None
    most_p99: float | None = None  # µs

    @property
    def bar(self):
        if self.least_throughput is None:
            return ""
        most_cpu = "" if self.most_cpu is None else f"; ≤ {self.most_cpu}"
        most_p99 = "" if self.most_p99 is None else f"; p99 ≤ {duration(self.most_p99)}"
        return f"≥ {self.least_throughput}{most_cpu}{most_p99}"


# Reads come first: what the writes leave behind would be in their way.
ROWS = (
    Row("GetVideo", "get-video", 32, 0.9, 1.4),
    Row("GetVideoComments, pages of 20", "video-comments", 32, 0.6, 3),
    Row("GetLatestVideoPreviews, pages of 10", "latest-previews", 32),
    Row("GetRelatedVideos, 5 videos", "related-videos", 32, 0.3),
    Row("GetSuggestedForUser, 5 videos", "suggested-videos", 32, 0.3),
    Row("SearchVideos, pages of 20", "search-videos", 8, 0.1, most_p99=10_000),
    Row("GetQuerySuggestions, 10 words", "query-suggestions", 32, 0.3),
    Row("RecordPlaybackStarted, on disk", "record-playback", 64, 0.5, 2.5),
    Row("CommentOnVideo, on disk", "comment-on-video", 64, 0.4, 3),
    Row("RateVideo, on disk", "rate-video", 64),
)
MOST_WALK, MOST_GROWTH, MOST_MEMORY, MOST_START = 1.1, 1.2, 80, 1.0
MOST_UNTIL_VISIBLE = 200_000  # µs
LEAST_INDEXED = 8_000  # videos/s


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = options.build_dir
        self.program = self.build / "killrvideo"
        cache = self.build.parent / "bench-data"
        self.large = Data(self.program, cache, "large", LARGE)
        self.small = Data(self.program, cache, "small", SMALL)
        self.work = cache / "work"
        self.lines = []
        self.generator_cpu = []  # µs a request, asking the ceiling

    def run(self):
        self.large.prepare(say)
        self.small.prepare(say)
        large = self.large.copy_to(self.work / "large")
        small = self.small.copy_to(self.work / "small")
        starts = self.measure_starts(large)
        index_build = self.measure_index_build(large)
        with Server(self.build / "bench_ceiling") as ceiling:
            with self.serve(large) as server, self.serve(small) as smaller:
                memory = self.measure_idle_memory(server)
                for clients in sorted({row.clients for row in ROWS}):
                    self.compare(ceiling, server, [row for row in ROWS if row.clients == clients])
                    if clients == 32:
                        self.measure_walk(server)
                        self.measure_growth(server, smaller)
                        self.measure_visible(
                            server, "rating to recommendation", "rating-visible",
                            "suggested-videos")
                        self.measure_visible(
                            server, "submission to search", "submission-visible",
                            "search-videos")
                self.lines += [index_build, memory, starts]
                say(f"memory after the load: {server.resident_bytes() / 1e6:.0f} MB")
        return self.lines

    def serve(self, directory):
        return Server(
            self.program, "serve", "--data-dir", directory,
            "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0",
        )

    def load(self, server, scenario, data, clients):
        return run_load(
            self.build / "bench_load", server, scenario, data.ids, "--clients", clients,
            "--warm-up", self.options.warm_up, "--measured", self.options.seconds,
            "--seed", time.monotonic_ns() % 2**32,
        )

    def compare(self, ceiling, server, rows):
        """Runs the rows in turns with the ceiling, which stands before and after each of them."""
        ceilings, results, failures = [], {row: [] for row in rows}, {}
        for turn in range(self.options.rounds):
            ceilings.append(self.load(ceiling, "ceiling", self.large, rows[0].clients))
            for row in rows:
                if row in failures:
                    continue
                say(f"round {turn + 1} of {self.options.rounds}: {row.what}")
                server.settle()
                try:
                    result = self.load(server, row.scenario, self.large, row.clients)
                except LoadFailed as failure:
                    failures[row] = str(failure)
                    continue
                ceilings.append(self.load(ceiling, "ceiling", self.large, row.clients))
                results[row].append((result, ceilings[-2:]))
        self.generator_cpu += [run["client_cpu_us"] for run in ceilings]
        self.lines.append(ceiling_line(rows[0].clients, ceilings))
        for row in rows:
            self.lines.append(
                Line(f"{row.what}: {failures[row]}", failed=True)
                if row in failures
                else compared_line(row, results[row])
            )

    def measure_walk(self, server):
        say("page 1 and page 1,000 of a walk")
        try:
            walks = [
                run_load(self.build / "bench_load", server, "comment-walk", self.large.ids)
                for _ in range(self.options.rounds)
            ]
        except LoadFailed as failure:
            self.lines.append(Line(f"page 1,000 of a walk: {failure}", failed=True))
            return
        first = median([walk["first_page"]["median_us"] for walk in walks])
        far = median([walk["far_page"]["median_us"] for walk in walks])
        ratios = [walk["far_page"]["median_us"] / walk["first_page"]["median_us"] for walk in walks]
        self.lines.append(
            Line(
                f"page 1,000 of a walk / page 1: {spread(ratios)}", clients="1",
                p50=f"{duration(far)} / {duration(first)}",
                bar=f"≤ {MOST_WALK}", verdict=verdict_on(time=median(ratios) <= MOST_WALK),
            )
        )

    def measure_growth(self, server, smaller):
        """GetVideo on the large data against the same on a hundredth of it."""
        pairs = []
        try:
            for turn in range(self.options.rounds):
                say(f"round {turn + 1} of {self.options.rounds}: GetVideo with 100 times the data")
                pairs.append((
                    self.load(smaller, "get-video", self.small, 32),
                    self.load(server, "get-video", self.large, 32),
                ))
        except LoadFailed as failure:
            self.lines.append(Line(f"GetVideo with 100 times the data: {failure}", failed=True))
            return
        cpu = [many["server_cpu_us"] / few["server_cpu_us"] for few, many in pairs]
        p50 = [many["p50_us"] / few["p50_us"] for few, many in pairs]
        self.lines.append(
            Line(
                f"GetVideo with 100 times the data: CPU × {spread(cpu)}, p50 × {spread(p50)}",
                clients="32",
                bar=f"≤ {MOST_GROWTH}", verdict=verdict_on(CPU=median(cpu) <= MOST_GROWTH),
            )
        )

    def measure_visible(self, server, what, scenario, beside):
        """From a write's answer to its being seen, while 8 clients ask for what it changes."""
        say(what)
        load = load_command(
            self.build / "bench_load", server, beside, self.large.ids,
            "--clients", 8, "--measured", 3600,
        )
        try:
            with background(load):
                result = run_load(
                    self.build / "bench_load", server, scenario, self.large.ids,
                    "--samples", 200 * self.options.rounds,
                )
        except LoadFailed as failure:
            self.lines.append(Line(f"{what}: {failure}", failed=True))
            return
        self.lines.append(
            Line(
                f"{what}, beside 8 clients that read", clients="1",
                p50=duration(result["p50_us"]), p99=duration(result["p99_us"]),
                bar="p99 ≤ 200 ms", verdict=verdict_on(p99=result["p99_us"] <= MOST_UNTIL_VISIBLE),
            )
        )

    def measure_idle_memory(self, server):
        server.settle()
        time.sleep(5)
        megabytes = server.resident_bytes() / 1e6
        return Line(
            f"memory at idle: {megabytes:.0f} MB", bar=f"≤ {MOST_MEMORY} MB",
            verdict=verdict_on(memory=megabytes <= MOST_MEMORY),
        )

    def measure_index_build(self, directory):
        """All of `killrvideo reindex`: opening the store, reading it, building, writing to disk."""
        say("building the search index")
        rates = []
        for _ in range(self.options.rounds):
            started = time.monotonic()
            subprocess.run([self.program, "reindex", "--data-dir", directory], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            rates.append(LARGE.videos / (time.monotonic() - started))
        return Line(
            f"search index built: {spread(rates, '{:,.0f}')} videos/s",
            bar=f"≥ {LEAST_INDEXED:,}", verdict=verdict_on(rate=median(rates) >= LEAST_INDEXED),
        )

    def measure_starts(self, directory):
        say("time from start to ready")
        seconds = []
        for _ in range(5):
            with self.serve(directory) as server:
                seconds.append(server.seconds_to_ready)
        return Line(
            f"time from start to ready: {spread(seconds)} s", bar=f"< {MOST_START:.0f} s",
            verdict=verdict_on(time=max(seconds) < MOST_START),
        )


def ceiling_line(clients, runs):
    return Line(
        "ceiling: a constant over bare gRPC",
        clients=str(clients),
        throughput=spread([run["requests_per_second"] for run in runs], "{:,.0f}"),
        cpu=spread([run["server_cpu_us"] for run in runs], "{:.1f}"),
        p50=duration(median([run["p50_us"] for run in runs])),
        p99=duration(median([run["p99_us"] for run in runs])),
        throughput_ratio="1",
        cpu_ratio="1",
    )


def compared_line(row, results):
    def ratios(key):
        return [run[key] * 2 / (before[key] + after[key]) for run, (before, after) in results]

    runs = [run for run, _ in results]
    throughput, cpu = ratios("requests_per_second"), ratios("server_cpu_us")
    verdict = ""
    if row.least_throughput is not None:
        verdict = verdict_on(
            throughput=median(throughput) >= row.least_throughput,
            CPU=row.most_cpu is None or median(cpu) <= row.most_cpu,
            p99=row.most_p99 is None
            or median([run["p99_us"] for run in runs]) <= row.most_p99,
        )
    return Line(
        row.what,
        clients=str(row.clients),
        throughput=f"{median([run['requests_per_second'] for run in runs]):,.0f}",
        cpu=f"{median([run['server_cpu_us'] for run in runs]):.1f}",
        p50=duration(median([run["p50_us"] for run in runs])),
        p99=duration(median([run["p99_us"] for run in runs])),
        throughput_ratio=spread(throughput),
        cpu_ratio=spread(cpu),
        bar=row.bar,
        verdict=verdict,
    )


def median_sync_time(directory):
    """Microseconds the disk takes to keep 4 KB: no acknowledged write can be faster."""
    times = []
    path = directory / "sync-probe"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        for _ in range(300):
            os.write(descriptor, bytes(4096))
            started = time.perf_counter()
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - started) * 1e6)
    finally:
        os.close(descriptor)
        path.unlink()
    return median(times)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=float, default=1, metavar="SECONDS")
    parser.add_argument("--seconds", type=float, default=5, help="measured per run")
    parser.add_argument("--quick", action="store_true", help="one round of two seconds")
    parser.add_argument("--update-docs", action="store_true", help="keep the table in docs/")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 2
    return options


def main():
    options = arguments()
    bench = Bench(options)
    lines = bench.run()
    text = "\n".join([
        report.markdown(lines),
        "",
        report.surroundings(bench.program),
        f"- data: {LARGE.videos:,} videos, {LARGE.comments:,} comments, {LARGE.users:,} users, "
        f"{LARGE.ratings:,} ratings; {bench.large.bytes_on_disk() / 1e6:.0f} MB on disk",
        f"- one 4 KB write with fdatasync takes {duration(median_sync_time(bench.work))} here",
        f"- {options.rounds} rounds of {options.seconds:g} s a row; the load generator took "
        f"{median(bench.generator_cpu):.0f} µs of CPU a request",
    ])
    print(text)
    if options.update_docs:
        report.update_docs(ROOT / "docs/benchmarks.md", text, "run.py")
    return 1 if any(line.failed for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
