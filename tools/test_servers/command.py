"""Real servers for tests: plain processes on loopback addresses, their state in one directory.

  servers install [KIND ...]   get what the servers consist of; start does so too
  servers start cassandra [--nodes N] [--base-ip IP] [--hasty] [--password] [--tls …]
  servers start etcd [--ip IP] [--port PORT] [--tls off|server|client]
  servers start kafka [--ip IP] [--port PORT] [--tls …] [--sasl MECHANISM]
  servers start opensearch [--ip IP] [--port PORT] [--heap SIZE]
  servers start killrvideo [--ip IP]   six processes on the servers that run in the same --dir
  servers stop|kill|pause|resume|restart KIND[/NODE]
  servers stop-all             all of every kind
  servers status               one line for each; exit code 1 if one died by itself
  servers log KIND/NODE        the end of its log
  servers wipe KIND            kill them and remove their state
  servers nodetool NODE ARG …  Cassandra's own tool

  servers with cassandra [--nodes N] … -- COMMAND …
                               start them, run a command that finds them in its environment
                               (KILLRVIDEO_TEST_CASSANDRA, and --dir in KILLRVIDEO_TEST_SERVERS),
                               and stop what was started for it

Nodes are called n1, n2, …; `start` returns when they answer, leaves those alone that run, and fails
with the end of the log if one does not come up. `kill` and `pause` are SIGKILL and SIGSTOP.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

from . import cassandra, etcd, kafka, killrvideo, opensearch
from .failure import Failure
from .node import Node, process

# In the order in which they may be started and, backwards, stopped.
KINDS = {"cassandra": cassandra, "etcd": etcd, "kafka": kafka, "opensearch": opensearch,
         "killrvideo": killrvideo}
ROOT = pathlib.Path(__file__).resolve().parents[2]
START_LIMIT = 300


def _parser():
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dir", type=pathlib.Path, default=argparse.SUPPRESS,
                        help="where the servers' state is; build/servers of the project if not set")
    common.add_argument("--cache", type=pathlib.Path, default=argparse.SUPPRESS,
                        help="where jars are kept; the user's cache directory if not set")
    parser = argparse.ArgumentParser(prog="servers", description=__doc__, parents=[common],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, function):
        made = commands.add_parser(name, parents=[common])
        made.set_defaults(function=function)
        return made

    command("install", install).add_argument("kinds", nargs="*", metavar="KIND")
    for verb, function in (("start", start), ("with", with_servers)):
        kinds = command(verb, function).add_subparsers(dest="kind", required=True)
        for name, kind in KINDS.items():
            options = kinds.add_parser(name, parents=[common])
            options.add_argument("--limit", type=int, default=START_LIMIT,
                                 help="seconds within which each node has to answer")
            kind.add_options(options)
            if verb == "with":
                options.add_argument("words", nargs="+", metavar="COMMAND")
    restarts = command("restart", restart)
    restarts.add_argument("what", metavar="KIND[/NODE]")
    restarts.add_argument("--limit", type=int, default=START_LIMIT)
    for name in ("stop", "kill", "pause", "resume"):
        command(name, each(name)).add_argument("what", metavar="KIND[/NODE]")
    command("stop-all", stop_all)
    command("status", status)
    logs = command("log", log)
    logs.add_argument("what", metavar="KIND/NODE")
    logs.add_argument("-n", type=int, default=100, help="how many lines")
    command("wipe", wipe).add_argument("what", choices=KINDS)
    tool = command("nodetool", nodetool)
    tool.add_argument("node", metavar="NODE")
    tool.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _kind(name):
    if name not in KINDS:
        raise Failure(f"there is no server {name}; there are: {', '.join(KINDS)}")
    return KINDS[name]


def _known(options, what):
    """The nodes that KIND or KIND/NODE means, in order; none if they were never started."""
    kind, _, name = what.partition("/")
    _kind(kind)
    found = [Node(path.parent) for path in (options.dir / kind).glob("*/run.json")
             if not name or path.parent.name == name]
    return sorted(found, key=lambda node: node.label)


def _nodes(options, what):
    found = _known(options, what)
    if not found:
        raise Failure(f"{what} has never been started in {options.dir}")
    return found


def install(options):
    for name in options.kinds or KINDS:
        _kind(name).install(options.cache)


def start(options):
    KINDS[options.kind].start(options)


def with_servers(options):
    ran_before = {node.label for node in _known(options, options.kind) if node.pid}
    try:
        start(options)
        nodes = _known(options, options.kind)
        addresses = ",".join("{}:{}".format(*node.run["address"]) for node in nodes)
        found = {f"KILLRVIDEO_TEST_{options.kind.upper()}": addresses,
                 "KILLRVIDEO_TEST_SERVERS": str(options.dir)}
        return subprocess.run(options.words, env={**os.environ, **found}).returncode
    finally:
        for node in reversed(_known(options, options.kind)):
            if node.label not in ran_before:
                node.stop()


def restart(options):
    kind = _kind(options.what.partition("/")[0])
    for node in _nodes(options, options.what):
        node.stop()
        node.start(kind.answers, options.limit)


def each(action):
    def act(options):
        for node in _nodes(options, options.what):
            getattr(node, action)()
    return act


def stop_all(options):
    for kind in reversed(KINDS):
        for node in reversed(_known(options, kind)):
            node.stop()


def status(options):
    found = [node for kind in KINDS for node in _known(options, kind)]
    for node in found:
        ip, port = node.run["address"]
        memory = f"{process(node.pid)['memory'] >> 20} MiB" if node.pid else ""
        runs = node.run.get("services", "")
        print(f"{node.label:<22} {node.state:<8} {f'{ip}:{port}':<18} {memory:<9} {runs}".rstrip())
    return 1 if any(node.state == "dead" for node in found) else 0


def log(options):
    for node in _nodes(options, options.what):
        sys.stdout.write(node.end_of_log(options.n))


def wipe(options):
    for node in _nodes(options, options.what):
        if node.pid:
            node.kill()
    shutil.rmtree(options.dir / options.what)


def nodetool(options):
    node, = _nodes(options, f"cassandra/{options.node}")
    return cassandra.nodetool(node, options.cache, options.arguments)


def main():
    options = _parser().parse_args()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    options.dir = getattr(options, "dir", ROOT / "build" / "servers").resolve()
    options.cache = getattr(options, "cache", cache / "killrvideo" / "servers").resolve()
    try:
        return options.function(options) or 0
    except Failure as failure:
        print(f"servers: {failure}", file=sys.stderr)
        return 1
