"""Apache Cassandra: one node or a small cluster in one data centre.

Every node has an address of its own and all have the same port, as drivers expect. Nodes are
started one after another, as two that join at once refuse each other.
"""

import ipaddress
import pathlib
import shutil
import socket
import string
import struct
import subprocess

from . import certificates, jars
from .failure import Failure
from .node import Node

HERE = pathlib.Path(__file__).parent / "cassandra"

# What Cassandra reaches into of the Java runtime; it does not start where Java forbids it.
_OPENED = """
java.base: java.io java.lang java.lang.module java.lang.reflect java.net java.nio java.nio.charset
  java.nio.file.spi java.util java.util.concurrent java.util.concurrent.atomic java.util.jar
  java.util.zip jdk.internal.loader jdk.internal.math jdk.internal.misc jdk.internal.module
  jdk.internal.ref jdk.internal.reflect jdk.internal.util.jar jdk.internal.vm sun.nio.ch sun.nio.fs
java.management: com.sun.jmx.remote.security
java.management.rmi: com.sun.jmx.remote.internal.rmi
java.rmi: sun.rmi.registry sun.rmi.server sun.rmi.transport sun.rmi.transport.tcp
jdk.attach: sun.tools.attach
jdk.compiler: com.sun.tools.javac.api
jdk.management: com.sun.management.internal
jdk.naming.dns: com.sun.jndi.dns
jdk.unsupported: sun.misc
"""

_PERIODIC = "periodic\ncommitlog_sync_period: 10000ms"


def add_options(parser):
    parser.add_argument("--nodes", type=int, default=1, choices=range(1, 10), metavar="N")
    parser.add_argument("--base-ip", type=ipaddress.IPv4Address, default="127.0.0.1",
                        help="the first node's address; the others have the ones after it")
    parser.add_argument("--port", type=int, default=9042)
    parser.add_argument("--heap", help="of each node, such as 768m")
    parser.add_argument("--hasty", action="store_true",
                        help="neither writes nor changes of the schema wait for the disk: much "
                        "faster, but a node that is killed forgets the newest")
    parser.add_argument("--password", action="store_true",
                        help="ask for a password; the user cassandra has the password cassandra")
    parser.add_argument("--tls", choices=("off", "optional", "client"), default="off",
                        help="take TLS beside plain connections, or TLS with a client's "
                        "certificate only; certificates and keys are in DIR/cassandra/tls")


def install(cache):
    return jars.install("cassandra", cache)


def start(options):
    classes = install(options.cache)
    home = options.dir / "cassandra"
    if (home / f"n{options.nodes + 1}").exists():
        raise Failure(f"{home} has a cluster of more than {options.nodes} nodes, which would wait "
                      "for the others: start all with --nodes, or remove the directory")
    ips = [str(options.base_ip + i) for i in range(options.nodes)]
    if options.tls != "off":
        certificates.make(home / "tls", ips)
    for number, ip in enumerate(ips, 1):
        node = Node(home / f"n{number}")
        if not node.pid:
            is_new = not node.dir.exists()
            _prepare(node, ip, options, classes)
            if is_new and options.password and number == options.nodes:
                # The first user is made some time after the first start: it is ready then.
                (node.dir / "login-pending").touch()
        node.start(answers, options.limit)


def _prepare(node, ip, options, classes):
    conf = node.dir / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    tls = node.dir.parent / "tls"
    template = string.Template((HERE / "cassandra.yaml").read_text())
    (conf / "cassandra.yaml").write_text(template.substitute(
        ip=ip, port=options.port, seed=options.base_ip, data=node.dir / "data",
        authenticator="PasswordAuthenticator" if options.password else "AllowAllAuthenticator",
        authorizer="CassandraAuthorizer" if options.password else "AllowAllAuthorizer",
        commitlog_sync=_PERIODIC if options.hasty else "batch",
        tls=str(options.tls != "off").lower(), plain=str(options.tls == "optional").lower(),
        client=str(options.tls == "client").lower(), key=tls / "node.pem", ca=tls / "ca.pem"))
    for name in ("cassandra-rackdc.properties", "logback.xml"):
        shutil.copy(HERE / name, conf)
    alone = options.nodes == 1
    heap = options.heap or ("1536m" if alone else "1g")
    jmx = _free_port()
    properties = {
        "cassandra.config": f"file://{conf}/cassandra.yaml",
        "cassandra.storagedir": node.dir / "data",
        "cassandra.logdir": node.dir,
        "cassandra.jmx.local.port": jmx,
        "jdk.attach.allowAttachSelf": "true",
        # So that starting takes no longer than a cluster on one machine needs.
        "cassandra.skip_wait_for_gossip_to_settle": 0,
        "cassandra.superuser_setup_delay_ms": 0 if alone else 1000,
        "cassandra.ring_delay_ms": 5000,
        # In its first minute a node gets the whole schema from each other one whose version
        # differs, at each change: a new keyspace would cost a second for each table.
        "cassandra.migration_delay_ms": 5000,
        "cassandra.unsafesystem": str(options.hasty).lower(),
        # Else every change of the schema is flushed, and the next one reads all that was: most of
        # what a new keyspace costs. A node that is killed loses tables that were not flushed.
        "cassandra.test.flush_local_schema_changes": str(not options.hasty).lower(),
        # Users have to be known while a node is down.
        "cassandra.system_auth.default_rf": min(3, options.nodes),
    }
    node.prepare(
        [jars.java(), f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError",
         # What several nodes on one machine compile at once takes more than it saves in a test.
         *([] if alone else ["-XX:TieredStopAtLevel=1"]),
         *_access(), *(f"-D{name}={value}" for name, value in properties.items()),
         "-cp", f"{conf}:{classes}/*", "org.apache.cassandra.service.CassandraDaemon"],
        (ip, options.port), jmx=jmx, login_pending=str(node.dir / "login-pending"),
        tls=str(tls) if options.tls == "client" else None)


def _access():
    """The flags that open parts of the Java runtime to Cassandra."""
    module = None
    for word in _OPENED.split():
        if word.endswith(":"):
            module = word[:-1]
        else:
            yield f"--add-opens={module}/{word}=ALL-UNNAMED"
            yield f"--add-exports={module}/{word}=ALL-UNNAMED"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


_STARTUP, _AUTHENTICATE, _OPTIONS, _SUPPORTED, _AUTH_RESPONSE, _AUTH_SUCCESS = 1, 3, 5, 6, 15, 16
_HEADER = struct.Struct(">BBhBI")  # version, flags, stream, opcode, length of the body


def answers(run):
    """Whether the server answers CQL's question for its options and, once, lets its user log in."""
    with certificates.connect(run) as connection:
        if _ask(connection, _OPTIONS) != _SUPPORTED:
            return False
        pending = pathlib.Path(run["login_pending"])
        if pending.exists():
            version = struct.pack(">hh11sh5s", 1, 11, b"CQL_VERSION", 5, b"3.0.0")
            login = b"\0cassandra\0cassandra"
            if (_ask(connection, _STARTUP, version) != _AUTHENTICATE or _ask(
                    connection, _AUTH_RESPONSE,
                    struct.pack(">i", len(login)) + login) != _AUTH_SUCCESS):
                return False
            pending.unlink()
        return True


def _ask(connection, opcode, body=b""):
    """Sends a request of CQL's native protocol, version 4; returns the answer's opcode."""
    connection.sendall(_HEADER.pack(4, 0, 0, opcode, len(body)) + body)
    *_, answer, length = _HEADER.unpack(_read(connection, _HEADER.size))
    _read(connection, length)
    return answer


def _read(connection, length):
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise OSError("the connection was closed")
        data += part
    return data


def nodetool(node, cache, arguments):
    jmx = node.run.get("jmx")
    if not node.pid:
        raise Failure(f"{node.label} does not run")
    return subprocess.run(
        [jars.java(), "-Xmx64m", *_access(), f"-Dcassandra.storagedir={node.dir / 'data'}",
         f"-Dcassandra.config=file://{node.dir}/conf/cassandra.yaml",
         f"-Dlogback.configurationFile={HERE / 'logback-errors.xml'}",
         "-cp", f"{install(cache)}/*", "org.apache.cassandra.tools.NodeTool",
         "-p", str(jmx), *arguments]).returncode
