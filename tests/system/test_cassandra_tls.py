"""A Cassandra that asks who one is: certificates, whom they are for and who trusts them, and
passwords."""

import contextlib
import os
import socket
import socketserver
import threading

import pytest

from support.ids import random_id
from support.program import BAD_DATA_DIR, Server
from support.tool_server import ToolServer

pytestmark = pytest.mark.timeout(240)

# Each worker of pytest has a node, which takes ports of its address that are the same for all.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
ADDRESS = f"127.0.1.{2 * _WORKER + 1}"
OTHER_ADDRESS = f"127.0.1.{2 * _WORKER + 2}"  # Not in the node's certificate.
PORT = 9142


class Cassandra(ToolServer):
    """One node that takes nobody without a certificate and a password."""

    kind = "cassandra"

    def __init__(self, directory):
        self.tls = directory / "cassandra" / "tls"
        super().__init__(directory, "--tls", "client", "--password", "--base-ip", ADDRESS,
                         "--port", PORT, "--heap", "512m")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Of a node of these tests' own: returns where they are."""
    node = Cassandra(tmp_path_factory.mktemp("servers")).start()
    yield node.tls
    node.wipe()


class Forward(socketserver.BaseRequestHandler):
    """One connection, passed on to the node byte by byte."""

    def handle(self):
        with socket.create_connection((ADDRESS, PORT)) as node:
            back = threading.Thread(target=self._pass_on, args=[node, self.request], daemon=True)
            back.start()
            self._pass_on(self.request, node)
            back.join()

    def _pass_on(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def other_address(certificates):
    """The node, reached at an address that its certificate is not for."""
    class Forwarder(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True
        block_on_close = False

    # Drivers take the port for that of all nodes.
    with Forwarder((OTHER_ADDRESS, PORT), Forward) as forwarder:
        threading.Thread(target=forwarder.serve_forever, daemon=True).start()
        yield f"{OTHER_ADDRESS}:{PORT}"
        forwarder.shutdown()


@pytest.fixture
def launch(directory, certificates):
    made = []

    def make(*flags, address=f"{ADDRESS}:{PORT}", user=("--cassandra-username", "cassandra"),
             password="cassandra"):
        server = Server(directory / "data", "--store", "cassandra", "--cassandra-contact-points",
                        address, "--cassandra-tls", "on", *user, *flags,
                        env={"KILLRVIDEO_DSE_PASSWORD": password})
        made.append(server)
        return server

    yield make
    for server in made:
        if server.running:
            server.stop()


def trust(certificates, name="ca"):
    return "--cassandra-tls-ca", certificates / f"{name}.pem"


def show(certificates):
    return ("--cassandra-tls-certificate", certificates / "client.pem",
            "--cassandra-tls-key", certificates / "client.key")


def works(server):
    video_id = random_id()
    server.client.submit(video_id, random_id())
    return server.client.video(video_id).name == "A video"


def test_with_the_certificates_that_each_side_wants_it_works(launch, certificates):
    assert works(launch(*trust(certificates), *show(certificates)).start())


def test_a_server_that_nobody_trusted_has_signed_is_refused(launch, certificates):
    line = launch(*trust(certificates, "other-ca"), *show(certificates)).fails(BAD_DATA_DIR)
    assert "cassandra-tls-ca: the server's certificate is not trusted" in line


def test_a_certificate_for_another_address_is_refused(launch, certificates, other_address):
    server = launch(*trust(certificates), *show(certificates), address=other_address)
    line = server.fails(BAD_DATA_DIR)
    assert "cassandra-tls-verify-host: the server's certificate is not for its address" in line


def test_whom_a_certificate_is_for_need_not_be_checked(launch, certificates, other_address):
    server = launch(*trust(certificates), *show(certificates), "--cassandra-tls-verify-host",
                    "off", address=other_address)
    assert works(server.start())


def test_not_to_check_the_address_is_not_to_trust_everybody(launch, certificates, other_address):
    server = launch(*trust(certificates, "other-ca"), *show(certificates),
                    "--cassandra-tls-verify-host", "off", address=other_address)
    assert "cassandra-tls-ca" in server.fails(BAD_DATA_DIR)


def test_with_the_password_from_a_file_it_works(launch, certificates, directory):
    file = directory / "password"
    file.write_text("cassandra\n")
    server = launch(*trust(certificates), *show(certificates), "--cassandra-password-file", file,
                    password="not this one")
    assert works(server.start())


def test_a_wrong_password_ends_the_start_and_names_the_setting(launch, certificates):
    server = launch(*trust(certificates), *show(certificates), password="wrong")
    line = server.fails(BAD_DATA_DIR)
    assert "cassandra-username, cassandra-password-file: not accepted" in line


def test_without_a_user_the_servers_ask_for_one(launch, certificates):
    line = launch(*trust(certificates), *show(certificates), user=()).fails(BAD_DATA_DIR)
    assert "cassandra-username, cassandra-password-file: missing" in line


def test_without_a_certificate_of_ours_the_servers_refuse_us(launch, certificates):
    line = launch(*trust(certificates)).fails(BAD_DATA_DIR)
    assert "cassandra-tls-certificate" in line
