"""The files of deploy/: valid for the tools they are made for, and for the program they start.

No container runs here: that images can be had and start is not tested."""

import re
import subprocess

import pytest
import yaml

from support.deployment import (
    COMPOSE, DEPLOY, KUBERNETES, compose_services, compose_starts, kubernetes_starts, manifests,
    pod_specs, tool)
from support.program import run

STARTS = [*compose_starts(), *kubernetes_starts()]
SERVICES = {"users", "catalog", "comments", "ratings", "statistics", "suggestions", "search"}


def validate(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def by_name(start):
    return start.where


@pytest.fixture
def secrets(directory):
    """Passwords, as make-secrets makes them, in a copy of its folder."""
    folder = directory / "compose"
    folder.mkdir()
    for name in ("make-secrets", "compose.yaml"):
        (folder / name).write_bytes((COMPOSE / name).read_bytes())
    validate("bash", folder / "make-secrets")
    return folder / "secrets"


@pytest.mark.parametrize("start", STARTS, ids=by_name)
def test_the_program_takes_every_argument_and_variable(start, secrets, directory):
    known = run("serve", "--help").stdout
    environment = {}
    for name, value in start.environment.items():
        flag = "--" + name.removeprefix("KILLRVIDEO_").lower().replace("_", "-")
        # Where the container has its secrets, here they are in a folder.
        mounted = re.sub(r"^/run/secrets/(killrvideo/)?", f"{secrets}/", value)
        environment[name] = mounted
        # Variables that mean nothing are not refused, so each has to be found in the help.
        assert f"  {flag} " in known, f"{start.where}: {name} is no setting"
    command, *flags = start.arguments
    if command == "schema":
        # It prints the tables and asks nobody when it is not told to apply them.
        assert flags == ["--apply"]
        assert "CREATE TABLE" in run("schema", env=environment, cwd=directory).stdout
        return
    shown = run("check-config", *flags, env=environment, cwd=directory).stdout
    for name in environment:
        assert name in shown, f"{start.where}: {name} has no effect:\n{shown}"


@pytest.mark.parametrize("starts", [compose_starts(), kubernetes_starts()],
                         ids=["compose", "kubernetes"])
def test_every_service_runs_in_one_of_six_groups(starts):
    groups = [start.arguments[start.arguments.index("--services") + 1].split(",")
              for start in starts if start.arguments[0] == "serve"]
    assert len(groups) == 6
    assert sorted(name for group in groups for name in group) == sorted(SERVICES)
    assert [start for start in starts if start.arguments[0] == "schema"]


def test_compose_takes_its_file(secrets):
    shown = validate("docker-compose", "--file", secrets.parent / "compose.yaml", "config")
    assert yaml.safe_load(shown)["services"].keys() == compose_services().keys()


def test_what_runs_in_compose_is_limited_and_watched():
    services = compose_services()
    for name, service in services.items():
        assert {"memory", "cpus"} <= service["deploy"]["resources"]["limits"].keys(), name
        assert not service["image"].endswith(":latest") and ":" in service["image"], name
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], f"{name} waits for {other}"


def test_kubernetes_takes_every_object(directory):
    file = directory / "all.yaml"
    file.write_text(yaml.safe_dump_all(manifests()))
    validate(tool("kubernetes-validate"), "--strict", "--no-warn", file)


def test_kustomize_names_every_file():
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    files = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == files


def test_pods_have_limits_and_no_rights():
    for name, pod in pod_specs():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        mounted = {volume["name"] for volume in pod.get("volumes", [])}
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}, name
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False, name
            assert rights["capabilities"] == {"drop": ["ALL"]}, name
            if container["image"] == "killrvideo":
                assert rights["readOnlyRootFilesystem"], name
                assert {mount["name"] for mount in container["volumeMounts"]} <= mounted, name


def test_every_selector_finds_pods():
    pods = [item["spec"]["template"]["metadata"]["labels"] for item in manifests()
            if "template" in item.get("spec", {})]
    for item in manifests():
        spec = item.get("spec", {})
        selector = spec.get("selector") or spec.get("podSelector") or {}
        wanted = selector if item["kind"] == "Service" else selector.get("matchLabels", {})
        assert any(wanted.items() <= labels.items() for labels in pods), item["metadata"]["name"]


@pytest.mark.parametrize("start", [s for s in STARTS if s.arguments[0] == "serve"], ids=by_name)
def test_time_to_end_is_longer_than_the_grace(start):
    grace = int(start.environment["KILLRVIDEO_SHUTDOWN_GRACE"])
    kind, name = start.where.split(" ")
    if kind == "compose":
        assert int(compose_services()[name]["stop_grace_period"].removesuffix("s")) > grace
        return
    pod = dict(pod_specs())[start.where]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
    assert pod["terminationGracePeriodSeconds"] > grace + int(pause[1])


def test_the_dockerfile_has_no_known_faults():
    validate(tool("hadolint"), DEPLOY / "Dockerfile")


def test_the_health_check_knows_ready_from_not_ready(launch):
    check = (DEPLOY / "health-check").read_text()

    def healthy(address):
        here = check.replace("127.0.0.1/8080", address.replace(":", "/"))
        assert here != check
        done = subprocess.run(["bash", "-c", here], capture_output=True, check=False)
        return done.returncode == 0

    server = launch()
    assert healthy(server.http_address)
    server.stop()
    assert not healthy(server.http_address)
