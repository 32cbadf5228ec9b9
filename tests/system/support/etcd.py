"""An etcd of a test's own, and what is in it, as its own tools and plain HTTP read it."""

import base64
import json
import os
import subprocess
import urllib.parse
import urllib.request

from .program import free_port
from .tool_server import ToolServer
from .waiting import seconds


class Etcd(ToolServer):
    """One member."""

    kind = "etcd"

    def __init__(self, directory, tls="off", port=None):
        self.port = port or free_port()
        self.tls = directory / "etcd" / "tls"
        self.url = f"http{'' if tls == 'off' else 's'}://127.0.0.1:{self.port}"
        self._tls = tls
        super().__init__(directory, "--ip", "127.0.0.1", "--port", self.port, "--tls", tls)

    def start_empty(self):
        """As it is after its data was lost."""
        self.wipe()
        self.start()

    def control(self, *arguments, **environment):
        """What etcdctl prints, which speaks the interface v3 over gRPC."""
        flags = ["--endpoints", self.url]
        if self._tls != "off":
            flags += ["--cacert", self.tls / "ca.pem", "--cert", self.tls / "client.pem",
                      "--key", self.tls / "client.key"]
        return subprocess.run(["etcdctl", *flags, *arguments], check=True, capture_output=True,
                              text=True, timeout=seconds(20),
                              env={**os.environ, "ETCDCTL_API": "3", **environment}).stdout


class V3:
    """The keys that clients of the interface v3 see."""

    name = "v3"

    def __init__(self, etcd):
        self._etcd = etcd

    def put(self, key, value):
        self._etcd.control("put", key, value)

    def delete(self, key):
        self._etcd.control("del", key)

    def all(self):
        """All keys with their values."""
        found = json.loads(self._etcd.control("get", "", "--prefix", "-w", "json"))
        return {_decoded(entry["key"]): _decoded(entry["value"])
                for entry in found.get("kvs", [])}


class V2:
    """The keys that clients of the interface v2 see."""

    name = "v2"

    def __init__(self, etcd):
        self._etcd = etcd

    def put(self, key, value):
        self._ask("PUT", key, {"value": value})

    def delete(self, key):
        self._ask("DELETE", key)

    def all(self):
        """All keys with their values."""
        found = {}
        folders = [self._ask("GET", "?recursive=true")["node"]]
        while folders:
            for node in folders.pop().get("nodes", []):
                if node.get("dir"):
                    folders.append(node)
                else:
                    found[node["key"].lstrip("/")] = node["value"]
        return found

    def _ask(self, method, key, form=None):
        request = urllib.request.Request(
            f"{self._etcd.url}/v2/keys/{key}", method=method,
            data=urllib.parse.urlencode(form).encode() if form else None)
        with urllib.request.urlopen(request, timeout=seconds(10)) as response:
            return json.load(response)


def _decoded(text):
    return base64.b64decode(text).decode()
