"""Search engines that are compared, each asked in its own way for the same."""

import json
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

from test_servers import jars  # noqa: E402

BEST = 20


@dataclass(frozen=True)
class Answers:
    """What an engine did with some documents and queries."""

    build_seconds: float  # of processor time
    query_us: list  # the same, for each query
    names: list  # of the best videos, for each query
    bytes_on_disk: int


def size_of(directory):
    return sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())


def one_line(text):
    return re.sub(r"\s+", " ", text or "")


class Ours:
    name = "killrvideo"

    def __init__(self, build):
        self.program = build / "bench_search"

    def ask(self, rows, queries, work):
        """`rows` are those of the table videos; `work` is an empty directory."""
        documents, asked, index = work / "documents", work / "queries", work / "index"
        documents.write_text("".join(json.dumps(row) + "\n" for row in rows))
        asked.write_text("".join(query + "\n" for query in queries))
        done = subprocess.run([self.program, documents, asked, index], check=True,
                              capture_output=True, text=True)
        report = json.loads(done.stdout)
        return Answers(report["build_seconds"], report["query_us"],
                       [report["results"][query] for query in queries], size_of(index))


class Lucene:
    name = "Lucene 9"

    def __init__(self, build):
        self.jars = jars.install("search_comparison", build.parent / "jars", poms=HERE.parent)

    def ask(self, rows, queries, work):
        documents, asked, index = work / "documents", work / "queries", work / "index"
        documents.write_text("".join(
            "\t".join(map(one_line, (row["name"], " ".join(row["tags"]), row["description"])))
            + "\n" for row in rows))
        asked.write_text("".join(query + "\n" for query in queries))
        done = subprocess.run(
            [jars.java(), "-cp", f"{self.jars}/*", HERE / "LuceneSearch.java", documents, asked,
             index], check=True, capture_output=True, text=True)
        build_seconds, *lines = done.stdout.splitlines()
        fields = [line.split("\t") for line in lines]
        return Answers(float(build_seconds), [float(us) for us, *_ in fields],
                       [names for _, *names in fields], size_of(index))


class Fts5:
    name = f"SQLite {sqlite3.sqlite_version} FTS5"
    SEARCH = ("SELECT name FROM documents WHERE documents MATCH ? "
              f"ORDER BY bm25(documents, 4, 2, 1) LIMIT {BEST}")

    def __init__(self, build):
        pass

    def ask(self, rows, queries, work):
        file = work / "index"
        database = sqlite3.connect(file)
        database.execute("PRAGMA journal_mode = WAL")
        began = time.thread_time()
        database.execute("CREATE VIRTUAL TABLE documents USING fts5(name, tags, description, "
                         "tokenize = 'unicode61 remove_diacritics 2')")
        database.executemany("INSERT INTO documents VALUES (?, ?, ?)", (
            (row["name"], " ".join(row["tags"]), row["description"]) for row in rows))
        database.execute("INSERT INTO documents(documents) VALUES ('optimize')")
        database.commit()
        build_seconds = time.thread_time() - began
        times, names = [], []
        for query in queries:
            words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
            began = time.thread_time()
            found = [name for name, in database.execute(self.SEARCH, [words])]
            times.append((time.thread_time() - began) * 1e6)
            names.append(found)
        database.close()
        return Answers(build_seconds, times, names, file.stat().st_size)


ENGINES = (Ours, Lucene, Fts5)
