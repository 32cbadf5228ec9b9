"""The whole tier, as `make cluster` starts it, on addresses of its own; and a client that finds
each service in etcd, as clients of the tier do."""

import json
import os
import subprocess

from support.client import SERVICES, Client
from support.kafka import DEAD_LETTERS, Clients, headers_of
from support.program import ROOT, table

_IP = "127.0.0.151"
_SERVERS = (("cassandra", "--nodes", "3", "--base-ip", _IP), ("kafka", "--ip", _IP),
            ("opensearch", "--ip", _IP), ("etcd", "--ip", _IP), ("killrvideo", "--ip", _IP))
_SERVICE_OF = {name.rsplit(".", 1)[1]: name for name in SERVICES}


class Tier:
    def __init__(self, directory):
        self._state = directory / "servers"
        self.data_dir = directory / "tool"  # of commands; the data is in Cassandra
        self.store_flags = ()
        self.client = None

    def start(self):
        for kind, *flags in _SERVERS:
            self._servers("start", kind, *flags)
        points = ",".join(map(self._address_of, self.labels("cassandra/")))
        self.store_flags = ("--store", "cassandra", "--cassandra-contact-points", points)
        self.client = self.connect()

    def stop(self):
        if self.client:
            self.client.close()
        self._servers("stop-all")

    def labels(self, of=""):
        """KIND/NODE of all that was started, or of those that begin so."""
        labels = [line.split()[0] for line in self._servers("status", code=None).splitlines()]
        return [label for label in labels if label.startswith(of)]

    def kill(self, label):
        self._servers("kill", label)

    def pause(self, label):
        self._servers("pause", label)

    def resume(self, label):
        self._servers("resume", label)

    def restart(self, label):
        self._servers("restart", label)

    def end_of_log(self, label):
        return self._servers("log", label)

    def connect(self):
        return TierClient(self._addresses())

    def table(self, name):
        return table(self.data_dir, name, *self.store_flags)

    def dead_letters(self):
        """What is told of each event that was given up."""
        broker = Clients(self._address_of("kafka/n1"))
        return [headers_of(record) for record in broker.records(DEAD_LETTERS)]

    def _addresses(self):
        """Of each service, by its full name."""
        endpoint = f"http://{self._address_of('etcd/n1')}"
        found = subprocess.run(
            ["etcdctl", "--endpoints", endpoint, "get", "--prefix", "killrvideo/services/"],
            check=True, capture_output=True, text=True, timeout=30,
            env={**os.environ, "ETCDCTL_API": "3"}).stdout.split()
        announced = dict(zip(found[::2], found[1::2]))
        return {_SERVICE_OF[key.split("/")[2]]: address for key, address in announced.items()}

    def _address_of(self, label):
        run = json.loads((self._state / label / "run.json").read_text())
        return "{}:{}".format(*run["address"])

    def _servers(self, *arguments, code=0):
        done = subprocess.run(
            [ROOT / "tools" / "servers", "--dir", self._state, *map(str, arguments)],
            text=True, capture_output=True, timeout=900)
        assert code in (None, done.returncode), done.stdout + done.stderr
        return done.stdout


class TierClient(Client):
    """Sends each call to the process that runs its service."""

    def __init__(self, addresses):
        missing = SERVICES.keys() - addresses.keys()
        assert not missing, f"etcd does not name {missing}"
        super().__init__(next(iter(addresses.values())))
        # A process that was killed is tried again at once, not ever later.
        options = [("grpc.max_reconnect_backoff_ms", 500)]
        self._clients = {service: Client(address, options=options)
                         for service, address in addresses.items()}

    def send(self, method, request, timeout=30, metadata=()):
        return self._clients[self.service_of(method)].send(method, request, timeout, metadata)

    def close(self):
        for client in self._clients.values():
            client.close()
        super().close()
