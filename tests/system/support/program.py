"""The program under test: its commands, and servers that are started, stopped and killed."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

from .client import Client
from .engines import ENGINES
from .waiting import eventually, seconds

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(
    os.environ.get("KILLRVIDEO_BINARY", ROOT / "build" / "release" / "killrvideo")).resolve()

OK, FAILED, BAD_USAGE, BAD_ROWS, BAD_DATA_DIR, ADDRESS_IN_USE = range(6)

_SANITIZER_REPORT = re.compile(
    r"(Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer|runtime error:")


def environment(extra=None):
    """The test's own environment without any setting of the program, plus `extra`."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("KILLRVIDEO_")}
    return {**clean, **(extra or {})}


def check_sanitizers(text):
    found = _SANITIZER_REPORT.search(text)
    assert not found, f"a sanitizer reported:\n{text[max(0, found.start() - 200):][:8000]}"


def clear_line(stderr):
    """The one line on stderr that says why the program gave up."""
    lines = [line for line in stderr.splitlines() if line.startswith("killrvideo: ")]
    assert len(lines) == 1, f"expected one line 'killrvideo: …', got:\n{stderr}"
    return lines[0]


def run(*arguments, code=OK, env=None, cwd=None, limit=60, **options):
    """Runs one command to its end, checks its exit code (None: may be any) and returns what it
    did (returncode, stdout, stderr)."""
    done = subprocess.run(
        [BINARY, *map(str, arguments)], env=environment(env), cwd=cwd, text=True,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds(limit), **options)
    check_sanitizers(done.stderr)
    assert code in (None, done.returncode), (
        f"{' '.join(map(str, arguments))}: exit code {done.returncode}, expected {code}\n"
        f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done


def table(data_dir, name, *flags):
    """All rows of a table, as the program prints them; also beside a running server."""
    out = run("table", name, "--data-dir", data_dir, *flags).stdout
    return [json.loads(line) for line in out.splitlines()]


def tables(data_dir):
    """The names of all tables that there are."""
    lines = run("table", "--data-dir", data_dir).stdout.splitlines()
    return [line.split()[0] for line in lines]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`killrvideo serve` on a data directory; can be started again after it ended."""

    def __init__(self, data_dir, *flags, env=None, addresses=True, engine=ENGINES["rocksdb"]):
        """`addresses`: whether flags ask for free ports; otherwise the caller configures them."""
        self.data_dir = pathlib.Path(data_dir)
        self.engine = engine
        self.store_flags = engine.flags(self.data_dir)
        self.flags = [*self.store_flags, *map(str, flags)]
        if addresses:
            for flag in ("--grpc-address", "--http-address"):
                if flag not in self.flags:
                    self.flags += [flag, "127.0.0.1:0"]
        self.env = environment(env)
        self.process = None
        self.grpc_address = self.http_address = None
        self._client = None
        self._runs = 0

    # Each start has its own files, so that a log belongs to one process.
    def _file(self, kind):
        return self.data_dir.parent / f"{self.data_dir.name}.{self._runs}.{kind}"

    @property
    def log(self):
        """Empty if it has not been started, or its directory is gone."""
        path = self._file("log")
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def output(self):
        return self._file("out").read_text(errors="replace")

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        """Starts the program and returns when it says that it is ready."""
        self.launch()
        return self.started()

    def started(self, limit=180):
        """Waits until the program says that it is ready."""
        eventually(lambda: self._ready() or not self.running, limit, "ready")
        assert self.running and self._ready(), f"did not start:\n{self.output}\n{self.log[-4000:]}"
        self.grpc_address = re.search(r"^gRPC listening on (\S+)$", self.output, re.M)[1]
        self.http_address = re.search(r"^HTTP listening on (\S+)$", self.output, re.M)[1]
        return self

    def launch(self, program=BINARY, **options):
        """Starts the program, or what starts it, without waiting for it; with more options of
        subprocess.Popen."""
        assert not self.running
        self._runs += 1
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with open(self._file("out"), "wb") as out, open(self._file("log"), "wb") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--data-dir", self.data_dir, *self.flags],
                env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=log, **options)

    def _ready(self):
        return re.search(r"^ready$", self.output, re.M) is not None

    def fails(self, code):
        """Starts the program, which must give up with `code`; returns its clear line on stderr."""
        self.launch()
        try:
            actual = self.process.wait(seconds(30))
        finally:
            if self.running:
                self.kill()
        check_sanitizers(self.log)
        assert actual == code, f"exit code {actual}, expected {code}:\n{self.output}\n{self.log}"
        assert not self._ready()
        return clear_line(self.log)

    def stop(self, by=signal.SIGTERM, limit=30):
        """Ends the program, which must succeed in it."""
        self.disconnect()
        self.process.send_signal(by)
        self.ended(limit)

    def ended(self, limit=30):
        """Waits for the end of the program, which must be a good one."""
        code = self.process.wait(seconds(limit))
        self.disconnect()
        check_sanitizers(self.log)
        assert code == OK, f"exit code {code}:\n{self.log[-8000:]}"

    def kill(self):
        """What a crash does: the process is gone without a chance to tidy up."""
        self.disconnect()
        self.process.kill()
        self.process.wait()
        check_sanitizers(self.log)

    def restart(self):
        self.stop()
        return self.start()

    def disconnect(self):
        if self._client:
            self._client.close()
            self._client = None

    @property
    def client(self):
        """A client of this run of the server, made at its first use."""
        if self._client is None:
            self._client = Client(self.grpc_address)
        return self._client

    def connect(self):
        """A client of the caller's own."""
        return Client(self.grpc_address)

    def get(self, path, method="GET", headers=()):
        """An HTTP request: its status and its body."""
        request = urllib.request.Request(f"http://{self.http_address}{path}", method=method,
                                         headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=seconds(10)) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def table(self, name):
        return table(self.data_dir, name, *self.store_flags)
