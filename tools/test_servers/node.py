"""One server process. Its directory holds all that belongs to it:

    run.json   how it is started: what `prepare` wrote
    pid        process id and start time, while it is meant to run
    log        what it writes to its standard output and error
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from .failure import Failure

STOP_LIMIT = 60
LOG_LINES = 40


class Node:
    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.label = f"{self.dir.parent.name}/{self.dir.name}"
        self.log = self.dir / "log"
        self._pid_file = self.dir / "pid"

    def prepare(self, argv, address, **more):
        """Records how the process is started and where it will listen, for now and later."""
        run = {"argv": [str(word) for word in argv], "address": address, **more}
        (self.dir / "run.json").write_text(json.dumps(run, indent=1))

    @property
    def run(self):
        return json.loads((self.dir / "run.json").read_text())

    @property
    def pid(self):
        """The process id, if the process lives. The start time is compared because a process id
        may be another's by now."""
        try:
            pid, started = self._pid_file.read_text().split()
        except FileNotFoundError:
            return None
        found = process(int(pid))
        return int(pid) if found and found["started"] == started else None

    @property
    def state(self):
        """One of: running, paused, stopped (as it was told to), dead."""
        if not self._pid_file.exists():
            return "stopped"
        pid = self.pid
        if pid is None:
            return "dead"
        return "paused" if process(pid)["state"] in "Tt" else "running"

    def start(self, answers, limit):
        """Starts the process and returns when `answers(run)` does; does nothing if it runs.
        `answers` may throw OSError as long as the server is not there."""
        if self.state == "paused":
            raise Failure(f"{self.label} is paused; resume it")
        if self.pid:
            print(f"{self.label} runs already")
            return
        run = self.run
        ip, port = run["address"]
        if _does(lambda: socket.create_connection((ip, port), 1).close() is None):
            raise Failure(f"{self.label}: something else listens on {ip}:{port}")
        began = time.monotonic()
        with open(self.log, "ab") as log:
            # A session of its own: Ctrl-C at the terminal is not for the servers.
            child = subprocess.Popen(run["argv"], cwd=self.dir, start_new_session=True,
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._pid_file.write_text(f"{child.pid} {process(child.pid)['started']}")
        while not _does(lambda: answers(run)):
            if child.poll() is not None:
                self._give_up(f"ended with status {child.returncode}")
            if time.monotonic() - began > limit:
                self._give_up(f"does not answer after {limit} s (process {child.pid})")
            time.sleep(0.2)
        print(f"{self.label} is ready on {ip}:{port}, {time.monotonic() - began:.0f} s", flush=True)

    def _give_up(self, how):
        sys.stderr.write(self.end_of_log(LOG_LINES))
        raise Failure(f"{self.label} {how}; above is the end of {self.log}")

    def stop(self):
        """Ends the process in good order, and by force if it does not end."""
        pid = self.pid
        if pid:
            os.kill(pid, signal.SIGTERM)
            os.kill(pid, signal.SIGCONT)  # A paused process would not notice.
            if not self._gone(STOP_LIMIT):
                self.kill()
        self._pid_file.unlink(missing_ok=True)
        print(f"{self.label} is stopped")

    def kill(self):
        self._signal(signal.SIGKILL)
        if not self._gone(STOP_LIMIT):
            raise Failure(f"{self.label} does not go away")

    def pause(self):
        self._signal(signal.SIGSTOP)

    def resume(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        pid = self.pid
        if not pid:
            raise Failure(f"{self.label} is not running")
        os.kill(pid, number)

    def _gone(self, limit):
        end = time.monotonic() + limit
        while self.pid:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def end_of_log(self, lines):
        if not self.log.exists():
            return ""
        with open(self.log, "rb") as log:
            log.seek(max(0, self.log.stat().st_size - lines * 500))
            text = log.read().decode(errors="replace").splitlines()
        return "".join(f"{line}\n" for line in text[-lines:])


def program(name, package):
    """The path of a program that a Debian package has installed."""
    path = shutil.which(name)
    if not path:
        raise Failure(f"{name} is not installed; it is in the package {package}")
    return path


def process(pid):
    """What the kernel says of a living process: state, start time and resident memory."""
    try:
        words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if words[0] in "ZX":
        return None
    return {"state": words[0], "started": words[19],
            "memory": int(words[21]) * os.sysconf("SC_PAGE_SIZE")}


def _does(condition):
    """Whether the condition holds; a server that is not there does not meet any."""
    try:
        return condition()
    except OSError:
        return False
