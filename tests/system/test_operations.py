"""What operators look at: metrics, health over HTTP, and the log."""

import re
import socket

import grpc
import pytest

from support.ids import random_id, timeuuid
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

NOW = 1_700_000_000_000
SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*)\})? '
                    r'(-?[0-9.eE+-]+|\+Inf|-Inf|NaN|Nan)$')


def metrics(server):
    """All samples: {(name, labels): value}; fails if a line is not of Prometheus's text format."""
    status, text = server.get("/metrics")
    assert status == 200
    samples = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            match = SAMPLE.match(line)
            assert match, line
            labels = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or ""))
            assert (match[1], labels) not in samples, f"twice: {line}"
            samples[match[1], labels] = float(match[3])
    return samples


def of_method(samples, method):
    return {key: value for key, value in samples.items()
            if any(label[1].rsplit("/", 1)[-1] == method for label in key[1])}


def grown(before, after):
    return {key: value - before.get(key, 0) for key, value in after.items()
            if value != before.get(key, 0)}


def test_requests_are_counted_by_method_and_errors_by_code(launch):
    server = launch()
    before = metrics(server)
    video_id = random_id()
    server.client.submit(video_id, random_id())
    for _ in range(5):
        server.client.video(video_id)
    for _ in range(3):
        try:
            server.client.video(random_id())
        except grpc.RpcError:
            pass
    more = grown(of_method(before, "GetVideo"), of_method(metrics(server), "GetVideo"))
    counts = {labels: value for (name, labels), value in more.items() if name.endswith("_total")}
    assert sum(counts.values()) in (8, 11)  # 11 where errors have a counter of their own.
    not_found = [value for labels, value in counts.items()
                 if any(value.upper().replace("_", "") == "NOTFOUND" for _, value in labels)]
    assert not_found == [3]


def test_each_method_has_a_histogram_of_its_latency(launch):
    server = launch()
    for _ in range(7):
        server.client.plays(random_id())
    samples = of_method(metrics(server), "GetNumberOfPlays")
    counts = [value for (name, _), value in samples.items() if name.endswith("_count")]
    assert counts == [7]
    buckets = [value for (name, labels), value in samples.items()
               if name.endswith("_bucket") and ("le", "+Inf") in labels]
    assert buckets == [7]
    total, = [value for (name, _), value in samples.items() if name.endswith("_sum")]
    assert 0 < total < 7


def test_the_store_is_measured(launch):
    server = launch()
    before = metrics(server)
    for n in range(10):
        server.client.comment(random_id(), random_id(), timeuuid(NOW + n))
    after = metrics(server)
    assert any("queue" in name for name, _ in after)
    timings = [name for name, _ in grown(before, after)
               if "store" in name and name.endswith("_count")]
    assert timings


def test_metrics_are_there_before_the_first_request(launch):
    """So that a rate over them does not miss the first one."""
    samples = metrics(launch())
    assert of_method(samples, "GetVideo")
    assert of_method(samples, "CreateUser")


def test_refusals_at_the_door_are_counted_too(launch):
    server = launch()
    before = metrics(server)
    try:
        server.client.send("GetVideo", b"\xff\xff\xff\xff")
    except grpc.RpcError:
        pass
    more = grown(of_method(before, "GetVideo"), of_method(metrics(server), "GetVideo"))
    assert any("INVALID" in label[1].upper() for _, labels in more for label in labels)


def test_it_is_alive_and_ready(server):
    assert server.get("/healthz")[0] == 200
    assert server.get("/readyz")[0] == 200


def test_what_is_not_there_is_not_found(server):
    for path in ("/", "/nothing", "/metrics/more", "/../../etc/passwd", "/%2e%2e/etc/passwd"):
        assert server.get(path)[0] == 404
    assert server.get("/metrics", "POST")[0] == 405
    assert server.get("/healthz", "DELETE")[0] == 405
    assert server.get("/healthz", "HEAD")[0] == 200
    assert server.get("/metrics?format=text")[0] == 200


def test_http_nonsense_does_no_harm(server):
    host, port = server.http_address.rsplit(":", 1)
    for nonsense in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\0" * 1000,
                     b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            try:
                connection.sendall(nonsense)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass
            except OSError:
                pass  # The server may hang up as soon as it has seen enough.
    assert server.get("/healthz")[0] == 200


def test_idle_http_connections_do_not_keep_others_out(server):
    host, port = server.http_address.rsplit(":", 1)
    idle = [socket.create_connection((host, int(port)), timeout=10) for _ in range(50)]
    try:
        assert server.get("/healthz")[0] == 200
    finally:
        for connection in idle:
            connection.close()


def test_each_call_is_in_the_log_with_an_id_of_its_own(launch):
    server = launch("--log-level", "debug")
    for _ in range(3):
        server.client.plays(random_id())
    ids = eventually(lambda: re.findall(r"GetNumberOfPlays.*\brequest=(\S+)", server.log))
    assert len(ids) == len(set(ids)) == 3


def test_a_failed_call_tells_the_id_by_which_the_log_knows_it(launch):
    server = launch("--log-level", "debug")
    with pytest.raises(grpc.RpcError) as failed:
        server.client.video(random_id())
    request_id = dict(failed.value.trailing_metadata())["request-id"]
    line, = re.findall(rf"^.*\brequest={request_id}\b.*$", server.log, re.M)
    assert "GetVideo" in line and "NOT_FOUND" in line.upper()


def test_a_line_of_the_log_is_one_line_whatever_clients_send(launch):
    server = launch("--log-level", "trace")
    for text in ("two\nlines 2026-01-01T00:00:00.000Z error forged", "\x1b[31mred", "a=\"b\" c"):
        server.client.submit(random_id(), random_id(), name=text, description=text, tags=[text])
        try:
            server.client.call("GetVideo", video_id=text)
        except grpc.RpcError:
            pass
    server.stop()
    for line in server.log.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|warn|error) ",
                        line), line
        assert "\x1b" not in line


def test_no_password_is_ever_in_the_log(launch):
    server = launch("--log-level", "trace")
    server.client.create_user(random_id(), "ada@example.org", "sesame-in-clear")
    for password in ("sesame-in-clear", "sesame-in-clear-but-wrong"):
        try:
            server.client.verify("ada@example.org", password)
        except grpc.RpcError:
            pass
    try:
        server.client.create_user(random_id(), "bad", "sesame-in-clear" * 100)
    except grpc.RpcError:
        pass
    server.stop()
    assert "sesame" not in server.log
    assert "argon2" not in server.log
