"""Completion in a real bash: what is on the line after its key was pressed."""

import os
import pty
import select
import shlex
import subprocess
import time

import pytest

from support.program import environment, run
from support.waiting import seconds

# Bash puts all completions of the last word on the line (its command insert-completions), and the
# line is run: the function that stands for the program writes down what it gets.
SETUP = """
bind '"\\C-t": insert-completions'
bind 'set enable-bracketed-paste off'
killrvideo() { printf '%s\\n' "$@" > arguments.new; mv arguments.new arguments; }
source completion
PS1='$ '
"""


class Shell:
    def __init__(self, directory):
        self.arguments = directory / "arguments"
        (directory / "completion").write_text(run("print", "bash-completion").stdout)
        (directory / "setup").write_text(SETUP)
        self.terminal, other_end = pty.openpty()
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"], cwd=directory, stdin=other_end,
            stdout=other_end, stderr=other_end, start_new_session=True,
            env=environment({"HOME": str(directory), "TERM": "dumb", "HISTFILE": ""}))
        os.close(other_end)
        self.output = ""
        self.type("source setup\n")

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def _read(self):
        """What bash writes has to be taken from it, or it stands still."""
        if select.select([self.terminal], [], [], 0.05)[0]:
            self.output += os.read(self.terminal, 65536).decode(errors="replace")

    def completed(self, line):
        """The arguments of killrvideo after the completion of a line."""
        self.arguments.unlink(missing_ok=True)
        self.type(line + "\x14\n")
        end = time.monotonic() + seconds(20)
        while not self.arguments.exists():
            assert time.monotonic() < end, self.output
            self._read()
        return self.arguments.read_text().splitlines()

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    directory = tmp_path_factory.mktemp("completion")
    (directory / "some where").mkdir()
    (directory / "somewhat").mkdir()
    (directory / "some.toml").write_text("")
    made = Shell(directory)
    yield made
    made.close()


LEVELS = ["debug", "error", "info", "trace", "warn"]
METHOD = "GetLatestVideoPreviews"

# A line, and the words that come to stand in place of its last one, in the order of the alphabet;
# none if nothing is offered, and the last one stays.
CASES = [
    # Commands.
    ("chec", ["check-config"]),
    ("help vers", ["version"]),
    ("print b", ["bash-completion"]),
    # Flags.
    ("serve --grpc", ["--grpc-address"]),
    ("serve --data-dir x --grpc", ["--grpc-address"]),
    ("serve --sample-data --grpc", ["--grpc-address"]),
    ("serve --data-dir=x --grpc", ["--grpc-address"]),
    ("serve --grpc-address 127.0.0.1:50101 --grpc", ["--grpc-address"]),
    ("serve --data-dir --grpc", ["--grpc-address"]),
    ("serve --nothing-like-it", []),
    # Values of their own.
    ("serve --log-level ", LEVELS),
    ("serve --log-level d", ["debug"]),
    ("serve --services co", ["comments"]),
    ("serve --services users,ca", ["users,catalog"]),
    ("serve --config some.t", ["some.toml"]),
    ("serve --data-dir some", ["some where", "somewhat"]),
    ("serve --data-dir some\\ ", ["some where"]),
    ("serve --write-queue ", []),
    ("copy --from r", ["rocksdb"]),
    # Values behind an equals sign.
    ("serve --log-level=", ["--log-level=" + LEVELS[0], *LEVELS[1:]]),
    ("serve --log-level=d", ["--log-level=debug"]),
    ("serve --services=co", ["--services=comments"]),
    ("serve --services=users,ca", ["--services=users,catalog"]),
    ("serve --config=some.t", ["--config=some.toml"]),
    ("serve --data-dir=somewh", ["--data-dir=somewhat"]),
    ("serve --data-dir=some\\ w", ["--data-dir=some where"]),
    ("serve --sample-data=of", ["--sample-data=off"]),
    ("serve --write-queue=", ["--write-queue="]),
    ("serve --nothing=", ["--nothing="]),
    ("serve --grpc-address=127.0.0.1:50101 --log-level=d", ["--log-level=debug"]),
    # Flags that are on or off.
    ("serve --sample-data ", ["off", "on"]),
    ("serve --sample-data of", ["off"]),
    ("import --cassandra-tls ", ["off", "on", "some where", "somewhat"]),
    ("import --cassandra-tls somewh", ["somewhat"]),
    ("import --cassandra-tls off some", ["some where", "somewhat"]),
    ("reindex --recommendations ", ["off", "on"]),
    # Positionals.
    ("call GetLat", [METHOD]),
    ("call --timeout 3 GetLat", [METHOD]),
    ("call --timeout=3 GetLat", [METHOD]),
    ("call --timeout -1 GetLat", [METHOD]),
    ("call --grpc-address 127.0.0.1:50101 GetLat", [METHOD]),
    ("call --grpc-address=127.0.0.1:50101 GetLat", [METHOD]),
    ("call --grpc-address [::1]:50101 GetLat", [METHOD]),
    ("call   --timeout   3   GetLat", [METHOD]),
    ("call -- GetLat", [METHOD]),
    ("call GetVideo ", []),
    ("call GetVideo GetLat", []),
    ("call GetVideo - GetLat", []),
    ("events --cassandra-tls ", ["discard", "list", "off", "on", "resend"]),
    ("events --cassandra-tls l", ["list"]),
    ("events --cassandra-tls=on l", ["list"]),
    ("events --cassandra-tls on l", ["list"]),
    ("events --cassandra-tls --store rocksdb l", ["list"]),
    ("events list l", []),
    ("backup --data-dir x some", ["some where", "somewhat"]),
    ("backup -- --data", []),
    ("table -- users --", []),
]


@pytest.mark.parametrize("line, offered", CASES, ids=[line for line, _ in CASES])
def test_what_is_offered(shell, line, offered):
    *before, last = shlex.split(line + "|")
    last = last.removesuffix("|")
    assert shell.completed("killrvideo " + line) == before + (offered or [last] * bool(last))


def test_all_flags_are_offered(shell):
    offered = shell.completed("killrvideo generate --")[1:]
    assert {"--help", "--seed", "--data-dir", "--cassandra-tls"} <= set(offered)
    assert len(offered) == len(set(offered))
