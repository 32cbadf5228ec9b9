#!/usr/bin/python3
"""Measures searches through killrvideo whose index is in OpenSearch, against a bare HTTP client
that sends OpenSearch the same requests.

    tools/servers with opensearch -- bench/opensearch.py

What killrvideo asks for each query is recorded by a proxy between the two. Then as many
processes as there are clients ask killrvideo the queries, and OpenSearch what was recorded, in
turns. killrvideo also reads rows, so the aim is 0.8 of the bare client's queries per second.
"""

import argparse
import http.client
import http.server
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/system"))

from support import opensearch  # noqa: E402
from support.client import Client  # noqa: E402
from support.program import Server, run  # noqa: E402

HEADERS = {"Content-Type": "application/json"}


class Recorder(http.server.BaseHTTPRequestHandler):
    """Passes requests on, and keeps those of searches."""

    protocol_version = "HTTP/1.1"
    target = None
    searches = []

    def _pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/_search"):
            self.searches.append((self.path, body))
        connection = http.client.HTTPConnection(self.target)
        connection.request(self.command, self.path, body, HEADERS)
        response = connection.getresponse()
        answer = response.read()
        self.send_response(response.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _pass_on

    def log_message(self, *_):
        pass


def ask_killrvideo(address, queries):
    client = Client(address)
    return lambda n: client.call("SearchVideos", query=queries[n], page_size=10)


def ask_opensearch(address, requests):
    connection = http.client.HTTPConnection(address)

    def ask(n):
        for path, body in requests[n]:
            connection.request("POST", path, body, HEADERS)
            connection.getresponse().read()
    return ask


def work(make, address, questions, seconds, counted):
    ask = make(address, questions)
    done, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        ask(random.randrange(len(questions)))
        done += 1
    counted.put(done)


def rate(make, address, questions, clients, seconds):
    fresh = multiprocessing.get_context("spawn")  # gRPC does not survive a fork
    counted = fresh.Queue()
    workers = [fresh.Process(target=work, args=(make, address, questions, seconds, counted))
               for _ in range(clients)]
    for worker in workers:
        worker.start()
    done = sum(counted.get() for _ in workers)
    for worker in workers:
        worker.join()
    return done / seconds


def queries_of(server, count):
    names = [row["name"].split() for row in server.table("videos")]
    choice = random.Random(1)
    return [" ".join(choice.sample(words, min(2, len(words))))
            for words in choice.choices([words for words in names if words], k=count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    address = os.environ["KILLRVIDEO_TEST_OPENSEARCH"]
    with tempfile.TemporaryDirectory() as directory:
        measure(Path(directory), address, options)


def measure(directory, address, options):
    flags = ("--opensearch-prefix", "bench", "--opensearch-replicas", "0")
    direct = ("--opensearch-url", f"http://{address}", *flags)
    run("generate", "--users", "100", "--videos", str(options.videos), "--comments", "0",
        "--ratings", "0", "--plays", "0", "--data-dir", directory / "data", *direct, limit=600)
    Recorder.target = address
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    through = f"http://127.0.0.1:{proxy.server_port}"
    server = Server(directory / "data", "--opensearch-url", through, *flags).start()
    queries, requests = queries_of(server, options.queries), []
    for query in queries:
        Recorder.searches.clear()
        server.client.call("SearchVideos", query=query, page_size=10)
        requests.append(list(Recorder.searches))
    server.stop()
    server = Server(directory / "data", *direct).start()
    ratios = []
    for _ in range(options.rounds):
        ours, bare = (rate(make, where, questions, options.clients, options.seconds)
                      for make, where, questions in ((ask_killrvideo, server.grpc_address, queries),
                                                     (ask_opensearch, address, requests)))
        ratios.append(ours / bare)
        print(f"killrvideo {ours:.0f} queries/s, bare client {bare:.0f}: {ratios[-1]:.2f}")
    server.stop()
    for index in opensearch.indexes(f"http://{address}", "bench"):
        opensearch.ask(f"http://{address}", "DELETE", f"/{index}")
    print(f"median {statistics.median(ratios):.2f}, to be 0.8 at least")


if __name__ == "__main__":
    main()
