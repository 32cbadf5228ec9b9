"""OpenSearch: one node, run from its jars."""

import pathlib
import shutil

from . import jars
from .http_get import http_get
from .node import Node, program

HERE = pathlib.Path(__file__).parent / "opensearch"

SETTINGS = """\
cluster.name: killrvideo
node.name: n1
path.data: {home}/data
path.logs: {home}/logs
network.host: {ip}
http.port: {port}
transport.port: {transport}
discovery.type: single-node
# A disk that is rather full must not make indexes read-only.
cluster.routing.allocation.disk.threshold_enabled: false
"""


def add_options(parser):
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--heap", default="512m")


def install(cache):
    program("javac", "openjdk-17-jdk-headless")
    return jars.install("opensearch", cache)


def start(options):
    classes = install(options.cache)
    node = Node(options.dir / "opensearch" / "n1")
    if not node.pid:
        _prepare(node, options, classes)
    node.start(answers, options.limit)


def _prepare(node, options, classes):
    config = node.dir / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "opensearch.yml").write_text(SETTINGS.format(
        home=node.dir, ip=options.ip, port=options.port, transport=options.port + 100))
    shutil.copy(HERE / "log4j2.properties", config)
    node.prepare(
        [jars.java(), f"-Xms{options.heap}", f"-Xmx{options.heap}", "-XX:+UseG1GC",
         "-XX:+ExitOnOutOfMemoryError", "-Dlog4j2.disable.jmx=true",
         f"-Dlog4j2.configurationFile=file://{config}/log4j2.properties",
         # Compiled when it is started: one source file.
         "-cp", f"{classes}/*", HERE / "TestNode.java", node.dir],
        (options.ip, options.port))


def answers(run):
    """Whether the node has recovered its indexes."""
    status, _ = http_get(run["address"], "/_cluster/health?wait_for_status=yellow&timeout=1s")
    return status == 200
