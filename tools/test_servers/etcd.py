"""etcd: one member, with both of its interfaces."""

import json

from . import certificates
from .http_get import http_get
from .node import Node, program


def add_options(parser):
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2379)
    parser.add_argument("--tls", choices=("off", "server", "client"), default="off",
                        help="take TLS only, or TLS with a client's certificate only; "
                        "certificates and keys are in DIR/etcd/tls")


def install(cache):
    program("etcd", "etcd-server")


def start(options):
    install(options.cache)
    home = options.dir / "etcd"
    node = Node(home / "n1")
    node.dir.mkdir(parents=True, exist_ok=True)
    if options.tls != "off":
        certificates.make(home / "tls", [options.ip])
    if not node.pid:
        _prepare(node, options, home / "tls")
    node.start(answers, options.limit)


def _prepare(node, options, tls):
    scheme = "http" if options.tls == "off" else "https"
    client = f"{scheme}://{options.ip}:{options.port}"
    peer = f"http://{options.ip}:0"  # Nobody comes.
    argv = [program("etcd", "etcd-server"), "--name", "n1", "--data-dir", node.dir / "data",
            # A test does not outlive the machine that it runs on.
            "--enable-v2", "--unsafe-no-fsync",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"n1={peer}"]
    if options.tls != "off":
        argv += ["--cert-file", tls / "node.pem", "--key-file", tls / "node.key"]
    if options.tls == "client":
        argv += ["--client-cert-auth", "--trusted-ca-file", tls / "ca.pem"]
    node.prepare(argv, (options.ip, options.port), tls=None if options.tls == "off" else str(tls))


def answers(run):
    """Whether the member says that it is healthy: that it has a leader."""
    _, body = http_get(run["address"], "/health", certificates.client_context(run))
    try:
        return json.loads(body)["health"] == "true"
    except ValueError:
        return False
