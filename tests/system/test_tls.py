"""TLS, with and without certificates of the clients."""

import grpc
import pytest

from support.certificates import Authority
from support.client import Client
from support.expect import StatusCode, status
from support.ids import random_id
from support.program import BAD_USAGE


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    directory = tmp_path_factory.mktemp("certificates")
    return Authority(directory, "ours"), Authority(directory, "theirs")


def credentials(authority, identity=None):
    key, certificate = (path.read_bytes() for path in identity) if identity else (None, None)
    return grpc.ssl_channel_credentials(authority.certificate.read_bytes(), key, certificate)


def refused(address, with_credentials):
    client = Client(address, with_credentials)
    try:
        with status(StatusCode.UNAVAILABLE):
            client.profiles(random_id())
    finally:
        client.close()


def accepted(address, with_credentials):
    client = Client(address, with_credentials)
    try:
        assert list(client.profiles(random_id())) == []
    finally:
        client.close()


def test_with_a_certificate_the_server_speaks_tls_only(launch, authorities):
    ours, theirs = authorities
    key, certificate = ours.issue("server")
    server = launch("--tls-certificate", certificate, "--tls-key", key)
    accepted(server.grpc_address, credentials(ours))
    refused(server.grpc_address, None)
    refused(server.grpc_address, credentials(theirs))


def test_clients_need_a_certificate_of_the_configured_authority(launch, authorities):
    ours, theirs = authorities
    key, certificate = ours.issue("server")
    server = launch("--tls-certificate", certificate, "--tls-key", key,
                    "--tls-client-ca", theirs.certificate)
    accepted(server.grpc_address, credentials(ours, theirs.issue("client")))
    refused(server.grpc_address, credentials(ours))
    refused(server.grpc_address, credentials(ours, ours.issue("stranger")))
    refused(server.grpc_address, None)


def test_incomplete_or_broken_tls_settings_are_refused(launch, authorities, directory):
    ours, _ = authorities
    key, certificate = ours.issue("server")
    other_key, _ = ours.issue("other")
    text = directory / "text.pem"
    text.write_text("no certificate\n")
    for flags, named in [
        (["--tls-certificate", certificate], "tls-key"),
        (["--tls-key", key], "tls-certificate"),
        (["--tls-client-ca", ours.certificate], "tls-certificate"),
        (["--tls-certificate", directory / "missing.pem", "--tls-key", key], "missing.pem"),
        (["--tls-certificate", certificate, "--tls-key", directory / "missing.key"], "missing.key"),
        (["--tls-certificate", text, "--tls-key", key], "text.pem"),
        (["--tls-certificate", certificate, "--tls-key", text], "text.pem"),
        (["--tls-certificate", certificate, "--tls-key", other_key], "tls-key"),
        (["--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", text], "text.pem"),
    ]:
        line = launch(*flags, start=False).fails(BAD_USAGE)
        assert named in line
