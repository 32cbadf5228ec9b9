"""killrvideo call: a small gRPC client for people and scripts."""

import contextlib
import json
import socket
import threading

import pytest

from support.certificates import Authority
from support.ids import random_id
from support.program import BAD_USAGE, FAILED, clear_line, free_port, run


@pytest.fixture
def call(server):
    def run_call(*arguments, code=0):
        done = run("call", *arguments, "--grpc-address", server.grpc_address, code=code)
        return json.loads(done.stdout) if code == 0 else clear_line(done.stderr)
    return run_call


def test_it_writes_and_reads(call, client):
    video_id, user_id = random_id(), random_id()
    answer = call("SubmitYouTubeVideo", json.dumps({
        "video_id": {"value": video_id}, "user_id": {"value": user_id}, "name": "Sintel 🐉",
        "description": "", "tags": ["one"], "you_tube_video_id": "dQw4w9WgXcQ"}))
    assert answer == {}
    assert client.video(video_id).name == "Sintel 🐉"
    answer = call("GetVideo", json.dumps({"video_id": {"value": video_id}}))
    assert answer["video_id"] == {"value": video_id}
    assert (answer["name"], answer["tags"]) == ("Sintel 🐉", ["one"])
    assert answer["added_date"] == client.video(video_id).added_date.ToJsonString()


def test_zeros_are_shown(call):
    """Who looks at a rating wants to see that there is none."""
    answer = call("GetRating", json.dumps({"video_id": {"value": random_id()}}))
    assert {"ratings_count", "ratings_total"} <= set(answer)


def test_methods_of_every_service_are_known(call):
    some_id = {"value": random_id()}
    assert call("GetLatestVideoPreviews", '{"page_size": 5}')
    assert call("GetVideoComments", json.dumps({"video_id": some_id, "page_size": 1}))
    assert call("GetNumberOfPlays", json.dumps({"video_ids": [some_id]}))["stats"]
    assert "profiles" in call("GetUserProfile", json.dumps({"user_ids": [some_id]}))


def test_an_error_of_the_server_is_told_with_its_code(call):
    line = call("GetVideo", json.dumps({"video_id": {"value": random_id()}}), code=FAILED)
    assert "NOT_FOUND" in line
    line = call("GetVideo", "{}", code=FAILED)
    assert "INVALID_ARGUMENT" in line and "video_id" in line


@pytest.mark.parametrize("arguments, named", [
    (["GetVidoe", "{}"], "GetVidoe"), (["GetVideo", "{"], "JSON"),
    (["GetVideo", '{"vidoe_id": {}}'], "vidoe_id"), (["GetVideo", '{"video_id": 5}'], "video_id"),
    (["GetVideo", "[]"], "JSON")])
def test_a_wrong_call_is_told(call, arguments, named):
    assert named in call(*arguments, code=BAD_USAGE)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"), "ours")


RUNNING = "is `killrvideo serve` running on"


def failed_call(address, *flags, env=None):
    done = run("call", "GetLatestVideoPreviews", '{"page_size": 5}', "--grpc-address", address,
               *flags, env=env, code=FAILED)
    return clear_line(done.stderr)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_server_that_is_not_there_is_told(host):
    address = f"{host}:{free_port()}"
    assert failed_call(address).endswith(f"({RUNNING} {address}?)")


@contextlib.contextmanager
def listener(answer):
    """A server of another kind, which answers what it gets with these bytes and closes; or never,
    if there are none."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve():
            kept = []
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                kept.append(connection)
                if answer is not None:
                    connection.recv(1000)
                    connection.sendall(answer)
                    connection.shutdown(socket.SHUT_RDWR)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


# What is at the address, flags of the call, and what it is told to be. None of it is nothing.
@pytest.mark.parametrize("answer, flags, told", [
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", [], "http1.x"),
    (b"\x15\x03\x01\x00\x02\x02\x16", [], "not for gRPC without TLS"),
    (b"", [], "not for gRPC without TLS"),
    (b"no tls\n", ["--tls-ca", "ca.pem"], "TLS with it failed"),
    (b"", ["--tls-ca", "ca.pem"], "TLS with it failed"),
    (None, [], "no connection to"),
    (None, ["--tls-ca", "ca.pem"], "no connection to"),
])
def test_what_answers_otherwise_is_told(authority, answer, flags, told):
    flags = [authority.certificate if flag == "ca.pem" else flag for flag in flags]
    with listener(answer) as address:
        line = failed_call(address, "--timeout", "3", *flags)
    assert told in line and address in line
    assert RUNNING not in line


def test_a_server_whose_certificate_is_not_trusted_is_there(launch, authority, directory):
    key, certificate = authority.issue("server")
    server = launch("--tls-certificate", certificate, "--tls-key", key)
    others = Authority(directory, "others").certificate
    for flags, told in ((["--tls-ca", others], "TLS with it failed"),
                        ([], "not for gRPC without TLS")):
        line = failed_call(server.grpc_address, *flags)
        assert told in line and RUNNING not in line


def test_a_host_that_is_not_known_is_told():
    line = failed_call("no-such-host.invalid:50101", "--timeout", "20")
    assert "'no-such-host.invalid'" in line and RUNNING not in line


@pytest.mark.parametrize("variable", ["grpc_proxy", "https_proxy", "http_proxy"])
def test_a_proxy_is_not_asked_for_this_host(server, variable):
    env = {variable: f"http://127.0.0.1:{free_port()}"}
    port = server.grpc_address.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost"):
        run("call", "GetLatestVideoPreviews", '{"page_size": 5}', "--grpc-address",
            f"{host}:{port}", env=env)


def test_a_proxy_that_may_be_to_blame_is_named():
    line = failed_call("192.0.2.1:50101", env={"http_proxy": f"http://127.0.0.1:{free_port()}"})
    assert "http_proxy" in line and RUNNING not in line
