"""Searches through killrvideo whose index is in OpenSearch, and a bare HTTP client that sends
OpenSearch the same requests.

What killrvideo asks for each query is recorded by a proxy between the two. Then as many processes
as there are clients ask killrvideo the queries, and OpenSearch what was recorded, in turns.
killrvideo also reads rows.
"""

import http.client
import http.server
import multiprocessing
import random
import sys
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
    done, end, used = 0, time.monotonic() + seconds, time.process_time()
    while time.monotonic() < end:
        ask(random.randrange(len(questions)))
        done += 1
    counted.put((done, time.process_time() - used))


def rate(make, address, questions, clients, seconds):
    fresh = multiprocessing.get_context("spawn")  # gRPC does not survive a fork
    counted = fresh.Queue()
    workers = [fresh.Process(target=work, args=(make, address, questions, seconds, counted))
               for _ in range(clients)]
    for worker in workers:
        worker.start()
    done, used = map(sum, zip(*(counted.get() for _ in workers)))
    for worker in workers:
        worker.join()
    return done / seconds, used / done * 1e6


def queries_of(server, count):
    names = [row["name"].split() for row in server.table("videos")]
    choice = random.Random(1)
    return [" ".join(choice.sample(words, min(2, len(words))))
            for words in choice.choices([words for words in names if words], k=count)]


def measure(directory, address, videos, rounds, seconds, clients=4, queries_asked=500):
    """Of killrvideo and of the bare client, in pairs: queries a second, and the µs of CPU that the
    client itself takes for one."""
    flags = ("--opensearch-prefix", "bench", "--opensearch-replicas", "0")
    direct = ("--opensearch-url", f"http://{address}", *flags)
    run("generate", "--users", "100", "--videos", str(videos), "--comments", "0",
        "--ratings", "0", "--plays", "0", "--data-dir", directory / "data", *direct, limit=600)
    Recorder.target = address
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    through = f"http://127.0.0.1:{proxy.server_port}"
    server = Server(directory / "data", "--opensearch-url", through, *flags).start()
    queries, requests = queries_of(server, queries_asked), []
    for query in queries:
        Recorder.searches.clear()
        server.client.call("SearchVideos", query=query, page_size=10)
        requests.append(list(Recorder.searches))
    server.stop()
    server = Server(directory / "data", *direct).start()
    pairs = [tuple(rate(make, where, questions, clients, seconds)
                   for make, where, questions in ((ask_killrvideo, server.grpc_address, queries),
                                                  (ask_opensearch, address, requests)))
             for _ in range(rounds)]
    server.stop()
    for index in opensearch.indexes(f"http://{address}", "bench"):
        opensearch.ask(f"http://{address}", "DELETE", f"/{index}")
    return pairs
