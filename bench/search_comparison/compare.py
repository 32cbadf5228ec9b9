#!/usr/bin/python3
"""Compares the quality and the speed of killrvideo's search to Lucene and SQLite's FTS5.

All three index the same videos and are asked the same questions, each in one thread. The results
are printed as two tables; docs/search.md has those of a run. Needs the packages `build` and `bench`
of tools/install-packages, and bench_search and killrvideo in --build-dir.
"""

import argparse
import json
import random
import re
import shutil
import string
import subprocess
import sys
import tempfile
from pathlib import Path

from engines import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "tests/data/killrvideo-data"
KNOWN_ITEMS = 400
SPEED_QUERIES = 1_000
FIRST, PAGE = 1, 10


def rows_of(program, data_dir):
    """The rows of the table videos."""
    done = subprocess.run(
        [program, "table", "videos", "--data-dir", data_dir, "--limit", str(10**7)],
        check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [{**row, "name": re.sub(r"\s+", " ", row["name"] or "").strip(),
             "tags": row["tags"] or []} for row in rows]


def public_videos(program, work):
    source = work / "csv"
    source.mkdir()
    shutil.copy(PUBLIC / "videos.csv", source)
    subprocess.run([program, "import", source, "--data-dir", work / "public"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return rows_of(program, work / "public")


def generated_videos(program, work, count):
    subprocess.run(
        [program, "generate", "--users", "1000", "--videos", str(count), "--comments", "0",
         "--ratings", "0", "--plays", "0", "--data-dir", work / "generated"], check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return rows_of(program, work / "generated")


def misspelt(word, choice):
    """The word with one letter exchanged for another, left out, doubled or swapped."""
    at = choice.randrange(1, len(word) - 1)
    return choice.choice((
        word[:at] + choice.choice(string.ascii_lowercase) + word[at + 1:],
        word[:at] + word[at + 1:],
        word[:at] + word[at] + word[at:],
        word[:at - 1] + word[at] + word[at - 1] + word[at + 1:],
    ))


def known_items(rows, choice):
    """Videos, each with words of its name that somebody who looks for it types, right and wrong."""
    items = []
    for row in choice.sample(rows, len(rows)):
        words = [word.lower() for word in re.findall(r"[A-Za-z]{5,}", row["name"])]
        if len(set(words)) < 3:
            continue
        chosen = choice.sample(sorted(set(words)), 3)
        wrong = [misspelt(chosen[0], choice), *chosen[1:]]
        items.append((row["name"], " ".join(chosen), " ".join(wrong)))
        if len(items) == KNOWN_ITEMS:
            break
    return items


def speed_queries(rows, choice):
    """Of any videos, one to three words of their names and tags."""
    for row in choice.sample(rows, min(SPEED_QUERIES, len(rows))):
        words = re.findall(r"\w+", " ".join([row["name"], *row["tags"]]))
        yield " ".join(choice.sample(words, min(len(words), choice.randint(1, 3))))


def share(found, total):
    return f"{found} of {total}"


def table_hits(table, answers):
    """For how many queries of the table the right videos, and in how many the right order, come
    first."""
    return sum(sorted(names[:len(case["first"])]) == sorted(case["first"])
               and (not case.get("in_order") or names[:len(case["first"])] == case["first"])
               for case, names in zip(table, answers))


def known_hits(items, answers, within):
    return sum(name in names[:within] for (name, *_), names in zip(items, answers))


def measure_quality(engine, rows, table, items, work):
    queries = [case["query"] for case in table]
    queries += [right for _, right, _ in items] + [wrong for *_, wrong in items]
    names = engine.ask(rows, queries, work).names
    right, wrong = names[len(table):len(table) + len(items)], names[len(table) + len(items):]
    return [
        engine.name, share(table_hits(table, names), len(table)),
        *(share(known_hits(items, answers, within), len(items))
          for answers in (right, wrong) for within in (FIRST, PAGE)),
    ]


def measure_speed(engine, rows, queries, work):
    answers = engine.ask(rows, queries, work)
    times = sorted(answers.query_us)
    return [
        engine.name, f"{len(rows) / answers.build_seconds:,.0f}",
        f"{answers.bytes_on_disk / 1e6:.0f} MB", f"{sum(times) / len(times):,.0f} µs",
        f"{times[len(times) // 2]:,.0f} µs", f"{times[len(times) * 99 // 100]:,.0f} µs",
    ]


def print_table(heads, lines):
    print("\n| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for line in lines:
        print("| " + " | ".join(line) + " |", flush=True)


def fresh(work, name):
    directory = work / name
    directory.mkdir()
    return directory


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build/release")
    parser.add_argument("--videos", type=int, default=100_000, help="in the test of speed")
    options = parser.parse_args()
    build, program = options.build_dir.resolve(), options.build_dir.resolve() / "killrvideo"
    engines = [engine(build) for engine in ENGINES]
    table, choice = json.loads((PUBLIC / "queries.json").read_text()), random.Random(1)
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        rows = public_videos(program, work)
        items = known_items(rows, choice)
        print_table(
            [f"{len(rows):,} videos", "table of queries", "known item first", "among ten",
             "misspelt: first", "among ten"],
            [measure_quality(engine, rows, table, items, fresh(work, f"quality{n}"))
             for n, engine in enumerate(engines)])
        rows = generated_videos(program, work, options.videos)
        queries = list(speed_queries(rows, choice))
        print_table(
            [f"{len(rows):,} videos", "indexed/s of CPU", "on disk", "mean of a query", "p50",
             "p99"],
            [measure_speed(engine, rows, queries, fresh(work, f"speed{n}"))
             for n, engine in enumerate(engines)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
