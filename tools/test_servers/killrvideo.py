"""The program itself: six processes, each of which runs some of the services, on the servers that
were started in the same directory before them."""

import pathlib

from .failure import Failure
from .http_get import http_get
from .node import Node

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROCESSES = {
    "users": "users",
    "catalog": "catalog",
    "comments": "comments",
    "ratings": "ratings,statistics",
    "search": "search",
    "suggestions": "suggestions",
}


def add_options(parser):
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--grpc-port", type=int, default=50101,
                        help="of the first process; the others have the ones after it")
    parser.add_argument("--http-port", type=int, default=8081)
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build/release/killrvideo")


def install(cache):
    """Nothing: `make build` makes it."""


def start(options):
    if not options.program.exists():
        raise Failure(f"{options.program} is not there: make build")
    engines = _engines(options.dir)
    for number, (name, services) in enumerate(PROCESSES.items()):
        node = Node(options.dir / "killrvideo" / name)
        node.dir.mkdir(parents=True, exist_ok=True)
        if not node.pid:
            _prepare(node, options, number, services, engines)
        node.start(answers, options.limit)


def _prepare(node, options, number, services, engines):
    grpc, admin = options.grpc_port + number, options.http_port + number
    argv = [options.program.resolve(), "serve", "--services", services, *engines,
            "--data-dir", node.dir / "data", "--application-instance", node.dir.name,
            "--grpc-address", f"{options.ip}:{grpc}", "--http-address", f"{options.ip}:{admin}",
            # One is enough to fill an empty store.
            "--sample-data", "off" if number else "on"]
    node.prepare(argv, (options.ip, grpc), http=(options.ip, admin), services=services)


def _engines(directory):
    def addresses(kind):
        found = [Node(path.parent).run["address"]
                 for path in sorted((directory / kind).glob("*/run.json"))]
        if not found:
            raise Failure(f"killrvideo needs {kind}, which was not started in {directory}")
        return ["{}:{}".format(*address) for address in found]

    def urls(kind):
        return ",".join(f"http://{address}" for address in addresses(kind))

    return ["--store", "cassandra", "--cassandra-contact-points", ",".join(addresses("cassandra")),
            "--kafka-bootstrap-servers", ",".join(addresses("kafka")),
            "--opensearch-url", urls("opensearch"), "--opensearch-replicas", "0",
            "--etcd-endpoints", urls("etcd")]


def answers(run):
    """Whether the process is ready to serve."""
    status, _ = http_get(run["http"], "/readyz")
    return status == 200
