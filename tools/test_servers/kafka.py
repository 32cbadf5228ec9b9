"""Kafka: one broker, which is its own controller."""

import base64
import pathlib
import shutil
import socket
import string
import struct
import subprocess
import uuid

from . import certificates, jars
from .failure import Failure
from .node import Node

HERE = pathlib.Path(__file__).parent / "kafka"
USER, PASSWORD = "killrvideo", "killrvideo-secret"
MECHANISMS = ("plain", "scram-sha-256", "scram-sha-512")

_API_VERSIONS = 18
_MODULES = {"plain": "plain.PlainLoginModule"}


def add_options(parser):
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--release", help="of Kafka, such as 3.9.1, instead of the usual one")
    parser.add_argument("--heap", default="384m", help="such as 512m")
    parser.add_argument("--tls", choices=("off", "server", "client"), default="off",
                        help="take TLS only, or TLS with a client's certificate only; "
                        "certificates and keys are in DIR/kafka/tls")
    parser.add_argument("--sasl", choices=MECHANISMS,
                        help=f"take logins only: the user {USER} has the password {PASSWORD}")


def install(cache, release=None):
    return jars.install("kafka", cache, release)


def start(options):
    classes = install(options.cache, options.release)
    home = options.dir / "kafka"
    node = Node(home / "n1")
    if options.tls != "off":
        certificates.make(home / "tls", [options.ip])
    if not node.pid:
        _prepare(node, options, classes, home / "tls")
    node.start(answers, options.limit)


def _prepare(node, options, classes, tls):
    conf = node.dir / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "log4j2.properties", conf)
    properties = conf / "server.properties"
    protocol = (("SASL_" if options.sasl else "")
                + ("SSL" if options.tls != "off" else "PLAINTEXT"))
    template = string.Template((HERE / "server.properties").read_text())
    properties.write_text(template.substitute(
        ip=options.ip, port=options.port, broker_port=_free_port(options.ip),
        controller_port=_free_port(options.ip), protocol=protocol, data=node.dir / "data")
        + "".join(f"{line}\n" for line in [*_tls(options, tls), *_sasl(options)]))

    def java(heap, main, *arguments):
        return [jars.java(), f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1",
                f"-Dlog4j2.configurationFile=file://{conf}/log4j2.properties",
                "-cp", f"{classes}/*", main, *map(str, arguments)]

    if not (node.dir / "data" / "meta.properties").exists():
        _format(node, java("128m", "kafka.tools.StorageTool", "format", "--config", properties,
                           f"--cluster-id={_new_id()}", *_users(options)))
    node.prepare(java(options.heap, "kafka.Kafka", properties), (options.ip, options.port),
                 tls=None if options.tls == "off" else str(tls))


def _tls(options, tls):
    if options.tls == "off":
        return
    for store, file in (("keystore", "node.pem"), ("truststore", "ca.pem")):
        yield f"listener.name.clients.ssl.{store}.type=PEM"
        yield f"listener.name.clients.ssl.{store}.location={tls / file}"
    if options.tls == "client":
        yield "listener.name.clients.ssl.client.auth=required"


def _sasl(options):
    if not options.sasl:
        return
    mechanism = options.sasl
    module = _MODULES.get(mechanism, "scram.ScramLoginModule")
    users = f' user_{USER}="{PASSWORD}"' if mechanism == "plain" else ""
    yield f"listener.name.clients.sasl.enabled.mechanisms={mechanism.upper()}"
    yield (f"listener.name.clients.{mechanism}.sasl.jaas.config="
           f"org.apache.kafka.common.security.{module} required{users};")


def _users(options):
    """What tells the storage of users; those of PLAIN are in the configuration."""
    if options.sasl in (None, "plain"):
        return []
    return ["--add-scram", f"{options.sasl.upper()}=[name={USER},password={PASSWORD}]"]


def _format(node, argv):
    done = subprocess.run(argv, text=True, capture_output=True)
    if done.returncode:
        raise Failure(f"{node.label}: cannot make its storage:\n{done.stdout}{done.stderr}")


def _new_id():
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def _free_port(ip):
    with socket.socket() as probe:
        probe.bind((ip, 0))
        return probe.getsockname()[1]


def answers(run):
    """Whether the broker answers the question which requests it knows, which needs no login."""
    client = b"servers"
    request = struct.pack(">hhih", _API_VERSIONS, 0, 1, len(client)) + client
    with certificates.connect(run) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        return len(connection.recv(10)) == 10
