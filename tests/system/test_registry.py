"""The registry in etcd: what is announced, for how long, and what happens when etcd is away."""

import functools
import re
import time

import pytest

from support.cassandra import addresses
from support.engines import Cassandra
from support.etcd import V2, V3, Etcd
from support.ids import random_id
from support.program import BAD_USAGE, clear_line, free_port, run
from support.waiting import eventually

# Each test starts an etcd and servers, and waits for leases to end.
pytestmark = [pytest.mark.timeout(240), pytest.mark.concurrent]

SERVICES = ["UserManagementService", "VideoCatalogService", "CommentsService", "RatingsService",
            "StatisticsService", "SuggestedVideoService", "SearchService"]
LEASE = 6  # Seconds; a busy machine must be able to renew it three times.
# What etcd may take longer than the lease to remove a key.
TOLERANCE = 10


@pytest.fixture
def make_etcd(make_tool_server):
    return functools.partial(make_tool_server, Etcd)


@pytest.fixture
def etcd(make_etcd):
    return make_etcd().start()


@pytest.fixture(params=[V3, V2], ids=lambda keys: keys.name)
def keys(request, etcd):
    """The keys in one of the interfaces of etcd."""
    return request.param(etcd)


@pytest.fixture
def announcing(launch, etcd, keys):
    """Makes servers that announce themselves: announcing("--flag", …)."""
    return lambda *flags, **options: launch(
        "--etcd-endpoints", etcd.url, "--etcd-api", keys.name, "--etcd-lease", LEASE, *flags,
        **options)


def announced(server, services=SERVICES, application="killrvideo"):
    return {f"killrvideo/services/{service}/{application}": server.grpc_address
            for service in services}


def metric(server, name):
    return float(re.search(rf"^killrvideo_registry_{name} (\S+)$", server.get("/metrics")[1],
                           re.M)[1])


def wait_for(keys, expected, limit=30):
    eventually(lambda: keys.all() == expected, limit, f"the keys {expected}")


def works(server):
    video_id = random_id()
    server.client.submit(video_id, random_id())
    assert server.client.video(video_id).name == "A video"


def test_every_service_is_announced_until_the_program_ends(announcing, keys):
    server = announcing()
    wait_for(keys, announced(server))
    eventually(lambda: metric(server, "entries") == len(SERVICES))
    assert metric(server, "failures_total") == 0
    server.stop()
    assert keys.all() == {}


def test_only_what_is_served_is_announced_under_the_names_that_were_set(announcing, keys):
    server = announcing("--services", "comments,ratings", "--application-name", "killrvideo-cpp",
                        "--application-instance", "eu.1")
    wait_for(keys, announced(server, ["CommentsService", "RatingsService"], "killrvideo-cpp:eu.1"))


def test_the_names_that_deployments_set_in_the_environment_work(launch, etcd):
    port = free_port()
    launch("--http-address", "127.0.0.1:0", addresses=False, env={
        "KILLRVIDEO_ETCD_ENDPOINTS": f"127.0.0.1:{etcd.port}",
        "KILLRVIDEO_SERVICE_HOST": "192.0.2.7", "KILLRVIDEO_SERVICE_PORT": str(port)})
    expected = {f"killrvideo/services/{service}/killrvideo": f"192.0.2.7:{port}"
                for service in SERVICES}
    wait_for(V3(etcd), expected)


def test_what_a_killed_process_leaves_is_gone_with_its_lease(announcing, keys):
    server = announcing()
    wait_for(keys, announced(server))
    server.kill()
    wait_for(keys, {}, LEASE + TOLERANCE)


def test_the_lease_of_a_living_process_is_kept_alive(announcing, keys):
    server = announcing()
    wait_for(keys, announced(server))
    time.sleep(2 * LEASE)
    assert keys.all() == announced(server)
    # They were never away, or they would have been written again.
    assert server.log.count("in the registry") == 1


def test_what_etcd_has_lost_is_announced_again(announcing, etcd, keys):
    server = announcing()
    wait_for(keys, announced(server))
    etcd.start_empty()
    wait_for(keys, announced(server))
    eventually(lambda: server.log.count("in the registry") == 2, what="told of again")


def test_a_key_that_somebody_deleted_comes_back(announcing, keys):
    server = announcing()
    wait_for(keys, announced(server))
    keys.delete("killrvideo/services/SearchService/killrvideo")
    wait_for(keys, announced(server))


def test_a_process_that_ends_leaves_the_key_to_the_one_that_has_taken_it(announcing, keys,
                                                                         directory):
    old = announcing()
    wait_for(keys, announced(old))
    new = announcing(data_dir=directory / "new")
    wait_for(keys, announced(new))
    old.stop()
    assert keys.all() == announced(new)


def test_etcd_may_come_after_the_program(launch, make_etcd):
    etcd = make_etcd()
    server = launch("--etcd-endpoints", etcd.url)
    eventually(lambda: metric(server, "failures_total") >= 3, 30, "some failures")
    works(server)
    assert server.log.count("the registry cannot be used") == 1
    etcd.start()
    wait_for(V3(etcd), announced(server))
    assert metric(server, "entries") == len(SERVICES)


def test_the_program_ends_while_etcd_is_away(launch):
    server = launch("--etcd-endpoints", f"127.0.0.1:{free_port()}")
    eventually(lambda: "the registry cannot be used" in server.log, what="a warning")
    server.stop()


def test_an_etcd_that_hangs_holds_up_neither_start_nor_calls_nor_end(announcing, etcd):
    etcd.pause()
    server = announcing()
    eventually(lambda: metric(server, "failures_total") >= 2, 30, "some failures")
    works(server)
    server.stop()
    etcd.resume()


def test_an_etcd_that_hangs_later_is_used_again_when_it_goes_on(announcing, etcd, keys):
    server = announcing()
    wait_for(keys, announced(server))
    etcd.pause()
    eventually(lambda: metric(server, "entries") == 0, 30, "a failure")
    works(server)
    etcd.resume()
    wait_for(keys, announced(server))
    etcd.pause()
    server.stop()
    etcd.resume()
    wait_for(keys, {}, LEASE + TOLERANCE)


@pytest.mark.parametrize("first", ["refuses", "hangs"])
def test_the_next_endpoint_is_asked_while_one_fails(launch, make_etcd, etcd, first):
    away = make_etcd()
    if first == "hangs":
        away.start().pause()
    server = launch("--etcd-endpoints", f"{away.url},{etcd.url}")
    wait_for(V3(etcd), announced(server))


def test_tls_with_certificates_on_both_sides(launch, make_etcd):
    etcd = make_etcd("client").start()
    tls = ["--etcd-endpoints", etcd.url, "--etcd-tls-ca", etcd.tls / "ca.pem"]
    certificate = ["--etcd-tls-certificate", etcd.tls / "client.pem",
                   "--etcd-tls-key", etcd.tls / "client.key"]
    server = launch(*tls, *certificate)
    wait_for(V3(etcd), announced(server))
    server.stop()

    # None to show, and one that trusts somebody else.
    for flags in (tls, [*tls, *certificate, "--etcd-tls-ca", etcd.tls / "other-ca.pem"]):
        server.flags = [*server.store_flags, *map(str, flags), *server.flags[-4:]]
        server.start()
        eventually(lambda: "the registry cannot be used" in server.log, what="a warning")
        assert V3(etcd).all() == {}
        server.stop()


def test_a_server_whose_certificate_is_for_another_host_is_refused(launch, make_etcd):
    etcd = make_etcd("server").start()
    # Another name of 127.0.0.1, which is not in the certificate.
    server = launch("--etcd-endpoints", f"https://127.1:{etcd.port}",
                    "--etcd-tls-ca", etcd.tls / "ca.pem")
    eventually(lambda: "certificate verify failed" in server.log, what="a warning")
    assert V3(etcd).all() == {}


def test_a_user_with_a_password(launch, etcd, directory):
    for command in (["user", "add", "root:secret"], ["user", "grant-role", "root", "root"],
                    ["auth", "enable"]):
        etcd.control(*command)
    good, bad = directory / "good", directory / "bad"
    good.write_text("secret\n")
    bad.write_text("guess\n")
    login = ["--etcd-endpoints", etcd.url, "--etcd-username", "root", "--etcd-password-file"]
    server = launch(*login, bad)
    eventually(lambda: "etcd refused: " in server.log, what="a warning")
    server.stop()
    server = launch(*login, good, data_dir=directory / "second")
    eventually(lambda: metric(server, "entries") == len(SERVICES), what="the entries")
    found = etcd.control("--user", "root:secret", "get", "", "--prefix", "--keys-only").split()
    assert sorted(found) == sorted(announced(server))


def test_a_user_of_the_old_interface(launch, etcd, directory):
    login = ["--username", "root:secret"]
    for command in (["user", "add", "root:secret"], ["auth", "enable"],
                    [*login, "role", "revoke", "guest", "--path=/*", "--readwrite"]):
        etcd.control(*command, ETCDCTL_API="2")
    password = directory / "password"
    password.write_text("secret\n")
    server = launch("--etcd-endpoints", etcd.url, "--etcd-api", "v2", "--etcd-username", "root",
                    "--etcd-password-file", password)
    eventually(lambda: metric(server, "entries") == len(SERVICES), what="the entries")
    found = etcd.control(*login, "ls", "--recursive", ETCDCTL_API="2").split()
    assert {f"/{key}" for key in announced(server)} <= set(found)


@pytest.mark.parametrize("flags, named", [
    (["--etcd-endpoints", "http://"], "etcd-endpoints"),
    (["--etcd-endpoints", "ftp://127.0.0.1:2379"], "etcd-endpoints"),
    (["--etcd-endpoints", "127.0.0.1:2379,,"], "etcd-endpoints"),
    (["--etcd-endpoints", "http://127.0.0.1:2379/path"], "etcd-endpoints"),
    (["--etcd-api", "v1"], "etcd-api"),
    (["--etcd-lease", "2"], "etcd-lease"),
    (["--application-name", "a/b"], "application-name"),
    (["--application-instance", "a:b"], "application-instance"),
    (["--etcd-endpoints", "e", "--service-host", "localhost"], "service-host"),
    (["--etcd-endpoints", "e", "--service-host", "0.0.0.0"], "service-host"),
    (["--etcd-endpoints", "e", "--service-host", "::1"], "service-host"),
    (["--etcd-endpoints", "e", "--grpc-address", "0.0.0.0:1"], "service-host"),
    (["--etcd-endpoints", "e", "--grpc-address", "localhost:1"], "service-host"),
    (["--etcd-endpoints", "e", "--grpc-address", "[::1]:1"], "service-host"),
    (["--etcd-endpoints", "e", "--etcd-username", "root"], "etcd-password-file"),
    (["--etcd-endpoints", "e", "--etcd-tls-ca", __file__], "etcd-tls-ca"),
    (["--etcd-endpoints", "e", "--etcd-tls-key", __file__], "etcd-tls-certificate"),
])
def test_what_cannot_work_is_refused_with_the_settings_name(directory, flags, named):
    done = run("check-config", *flags, code=BAD_USAGE, cwd=directory)
    assert clear_line(done.stderr).startswith((f"killrvideo: {named}:", f"killrvideo: --{named}:"))


def test_nodes_of_cassandra_are_looked_up_until_there_are_some(launch, etcd, keys):
    port = free_port()
    server = launch("--store", "cassandra", "--etcd-endpoints", etcd.url, "--etcd-api", keys.name,
                    start=False)
    server.launch()
    eventually(lambda: "no node of Cassandra under killrvideo/services/cassandra" in server.log, 30)
    keys.put("killrvideo/services/cassandra/n1", f"127.0.0.1:{port}")
    eventually(lambda: f"waiting for Cassandra at 127.0.0.1:{port}" in server.log, 30)
    server.stop()


def test_the_program_ends_while_it_looks_for_cassandra_in_an_etcd_that_hangs(launch, etcd):
    etcd.pause()
    server = launch("--store", "cassandra", "--etcd-endpoints", etcd.url, start=False)
    server.launch()
    eventually(lambda: "no answer in time" in server.log, 30, "a warning")
    server.stop()
    etcd.resume()


class LookedUp(Cassandra):
    """Whose contact points are not configured."""

    def flags(self, data_dir):
        flags = super().flags(data_dir)
        at = flags.index("--cassandra-contact-points")
        return flags[:at] + flags[at + 2:]


class TestCassandra:
    @pytest.fixture
    def engine(self):
        return LookedUp()

    def test_it_is_found_in_the_registry(self, launch, etcd):
        for number, address in enumerate(addresses()):
            V3(etcd).put(f"killrvideo/services/cassandra/n{number}", address)
        works(launch("--etcd-endpoints", etcd.url))
