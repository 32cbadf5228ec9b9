"""Servers under test and the load generator, as child processes."""

import contextlib
import json
import signal
import subprocess
import tempfile
import time
from pathlib import Path

READY_WITHIN = 60
QUIET = 0.02  # of one core


class Server:
    """A process that prints where it listens and then `ready`. Use it in a `with` statement."""

    def __init__(self, *command):
        self.command = [str(part) for part in command]

    def __enter__(self):
        self._errors = tempfile.TemporaryFile("w+")
        started = time.monotonic()
        self._process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        self.address = self._wait_until_ready()
        self.seconds_to_ready = time.monotonic() - started
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Does nothing if it has ended."""
        if self._process.stdout.closed:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(READY_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"{self.command[0]} did not stop on SIGTERM") from None
        finally:
            self._process.stdout.close()
            self._errors.close()

    @property
    def pid(self):
        return self._process.pid

    def resident_bytes(self):
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def settle(self, patience=120):
        """Waits until the process is idle: what it still writes back is not the next row's cost."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            before = self.cpu_seconds()
            time.sleep(1)
            if self.cpu_seconds() - before <= QUIET:
                return

    def _wait_until_ready(self):
        address = None
        for line in self._process.stdout:
            if line.startswith("gRPC listening on "):
                address = line.split()[-1]
            if line.strip() == "ready":
                return address
        self._process.wait()
        self._errors.seek(0)
        raise RuntimeError(f"{self.command[0]} did not get ready: {self._errors.read().strip()}")


class LoadFailed(Exception):
    """Some answers were wrong, or none came."""


def load_command(program, server, scenario, ids, *arguments):
    """The command line of the load generator."""
    command = [program, "--target", server.address, "--server-pid", server.pid]
    command += ["--scenario", scenario, "--ids", ids, *arguments]
    return [str(part) for part in command]


@contextlib.contextmanager
def background(command):
    """Runs a command beside what is in the `with` statement."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def run_load(program, server, scenario, ids, *arguments):
    """One run of the load generator against `server`: its report, or LoadFailed with the errors."""
    done = subprocess.run(
        load_command(program, server, scenario, ids, *arguments), capture_output=True, text=True
    )
    if done.returncode == 0:
        return json.loads(done.stdout)
    if done.stdout:
        errors = json.loads(done.stdout)["errors"]
        raise LoadFailed(", ".join(f"{code}: {count}" for code, count in errors.items()))
    raise LoadFailed(done.stderr.strip() or f"the load generator ended with {done.returncode}")
