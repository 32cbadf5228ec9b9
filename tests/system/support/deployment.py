"""What is in deploy/: its Compose file, its manifests, and how they start killrvideo."""

import dataclasses
import fcntl
import re
import subprocess

import yaml

from .program import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose"
KUBERNETES = DEPLOY / "kubernetes"

# Where the tools that deployment-tools.txt names are installed from PyPI.
_TOOLS = ROOT / "build" / "deployment-tools"


def tool(name):
    """A program of deployment-tools.txt, installed at its first use."""
    wanted = ROOT / "tests" / "system" / "support" / "deployment-tools.txt"
    stamp = _TOOLS / "installed"
    _TOOLS.mkdir(parents=True, exist_ok=True)
    with open(_TOOLS / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Tests run in several processes.
        if not stamp.exists() or stamp.read_text() != wanted.read_text():
            subprocess.run(["/usr/bin/python3", "-m", "venv", _TOOLS], check=True)
            subprocess.run([_TOOLS / "bin" / "pip", "install", "--quiet", "--requirement", wanted],
                           check=True)
            stamp.write_text(wanted.read_text())
    return _TOOLS / "bin" / name


@dataclasses.dataclass
class Start:
    """How one container starts killrvideo."""

    where: str
    arguments: list
    environment: dict


def manifests():
    """All objects of the Kubernetes files that kustomization.yaml names, lists taken apart."""
    names = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    found = [value for name in names
             for value in yaml.safe_load_all((KUBERNETES / name).read_text())]
    return [item for value in found
            for item in (value["items"] if value["kind"] == "List" else [value])]


def pod_specs():
    """(name, pod spec) of everything that runs containers."""
    return [(f'{item["kind"]} {item["metadata"]["name"]}', item["spec"]["template"]["spec"])
            for item in manifests() if "template" in item.get("spec", {})]


def compose_services():
    return yaml.safe_load((COMPOSE / "compose.yaml").read_text())["services"]


def image_environment():
    return dict(re.findall(r"(KILLRVIDEO_\w+)=(\S+)", (DEPLOY / "Dockerfile").read_text()))


def compose_starts():
    return [Start(f"compose {name}", service["command"],
                  image_environment() | service["environment"])
            for name, service in compose_services().items()
            if service["image"].startswith("killrvideo:")]


def kubernetes_starts():
    config = {item["metadata"]["name"]: item["data"] for item in manifests()
              if item["kind"] == "ConfigMap"}
    # What Kubernetes fills in when it starts a pod.
    fields = {"status.podIP": "10.0.0.7", "metadata.name": "users-5d9c-x7k2p"}
    starts = []
    for name, pod in pod_specs():
        for container in pod["containers"]:
            if container["image"] != "killrvideo":
                continue
            environment = image_environment()
            for source in container["envFrom"]:
                environment |= config[source["configMapRef"]["name"]]
            for variable in container.get("env", []):
                field = variable["valueFrom"]["fieldRef"]["fieldPath"]
                environment[variable["name"]] = fields[field]
            starts.append(Start(name, container["args"], environment))
    return starts
