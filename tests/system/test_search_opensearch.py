"""The search index in an OpenSearch that is away, hangs, comes back, or wants to know who asks."""

import re
import subprocess
import time

import grpc
import pytest

from support import dataset, opensearch, search
from support.certificates import Authority
from support.ids import random_id
from support.opensearch_node import OpenSearch
from support.program import BAD_USAGE, free_port, run
from support.waiting import eventually, seconds

PREFIX = "test_faults"


@pytest.fixture(scope="module")
def module_node(tmp_path_factory):
    node = OpenSearch(tmp_path_factory.mktemp("opensearch")).start()
    yield node
    node.wipe()


@pytest.fixture
def node(module_node):
    """One that runs, without indexes, before and after each test."""
    yield module_node
    module_node.start()
    for name in opensearch.indexes(module_node.url, PREFIX):
        opensearch.ask(module_node.url, "DELETE", f"/{name}")


def flags(node, *more):
    return ("--opensearch-url", node.url, "--opensearch-prefix", PREFIX, *more)


def add(server, name):
    video_id = random_id()
    server.client.submit(video_id, random_id(), name)
    return video_id


def is_found(server, *ids):
    def found():
        try:
            return set(search.ids(server.client, "zebra")) == set(ids)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE
            return False
    return eventually(found, 60, f"{len(ids)} zebras")


def refusal(server):
    """How long it takes until a search is refused."""
    began = time.monotonic()
    with pytest.raises(grpc.RpcError) as refused:
        search.hits(server.client, "zebra")
    assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
    return time.monotonic() - began


def metric(server, name):
    for line in server.get("/metrics")[1].splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(f"no metric {name}")


def is_away(server):
    eventually(lambda: metric(server, "killrvideo_search_index_reachable") == 0, 20, "a loss")


def has_no_dead_letters(server):
    assert server.table("outbox_dead_letters") == []


@pytest.mark.timeout(300)
def test_a_killed_one_is_caught_up_with(launch, node):
    server = launch(*flags(node), "--event-tries", "1")
    ids = [add(server, "zebra first")]
    is_found(server, *ids)
    node.kill()
    is_away(server)
    assert refusal(server) < seconds(0.5)
    ids += [add(server, f"zebra {n}") for n in range(20)]
    assert server.client.video(ids[-1]).name == "zebra 19"
    eventually(lambda: metric(server, "killrvideo_search_index_retries") >= 20, 30, "all missed")
    assert server.log.count("OpenSearch cannot be used") == 1
    node.restart()
    is_found(server, *ids)
    eventually(lambda: "the search index has caught up" in server.log, 10, "the end of it")
    assert "the search index is built" not in server.log.split("cannot be used")[1]
    server.stop()
    has_no_dead_letters(server)


@pytest.mark.timeout(300)
def test_what_a_process_missed_that_died_is_indexed_by_the_next(launch, node):
    server = launch(*flags(node))
    ids = [add(server, "zebra first")]
    is_found(server, *ids)
    node.kill()
    is_away(server)
    ids += [add(server, f"zebra {n}") for n in range(5)]
    eventually(lambda: metric(server, "killrvideo_search_index_retries") >= 5, 30, "all missed")
    server.kill()
    node.restart()
    server.start()
    is_found(server, *ids)


@pytest.mark.timeout(300)
def test_one_that_hangs_holds_up_nothing_else(launch, node):
    server = launch(*flags(node, "--opensearch-search-ms", "1000", "--opensearch-write-ms", "2000"))
    ids = [add(server, "zebra first")]
    is_found(server, *ids)
    node.pause()
    assert refusal(server) < seconds(2)
    for n in range(5):
        began = time.monotonic()
        ids.append(add(server, f"zebra {n}"))
        assert server.client.video(ids[-1]).name == f"zebra {n}"
        assert time.monotonic() - began < seconds(1)
    is_away(server)
    assert refusal(server) < seconds(0.5)
    node.resume()
    is_found(server, *ids)


@pytest.mark.timeout(300)
def test_a_start_does_not_wait_for_it(launch, node):
    node.kill()
    server = launch(*flags(node))
    assert refusal(server) < seconds(0.5)
    ids = [add(server, f"zebra {n}") for n in range(3)]
    node.restart()
    is_found(server, *ids)


@pytest.mark.timeout(300)
def test_an_index_that_is_deleted_meanwhile_is_rebuilt(launch, node):
    server = launch(*flags(node))
    ids = [add(server, f"zebra {n}") for n in range(3)]
    is_found(server, *ids)
    for name in opensearch.indexes(node.url, PREFIX):
        opensearch.ask(node.url, "DELETE", f"/{name}")
    is_found(server, *ids)


@pytest.mark.timeout(300)
def test_an_index_of_an_older_format_is_replaced(launch, node):
    server = launch(*flags(node))
    ids = [add(server, f"zebra {n}") for n in range(3)]
    is_found(server, *ids)
    server.stop()
    name, = opensearch.indexes(node.url, PREFIX)
    older = re.sub("-v[0-9]+-", "-v1-", name)
    assert older != name
    opensearch.ask(node.url, "DELETE", f"/{name}")
    opensearch.ask(node.url, "PUT", f"/{older}", {"aliases": {f"{PREFIX}-videos": {}}})
    server.start()
    is_found(server, *ids)
    eventually(lambda: older not in opensearch.indexes(node.url, PREFIX), 20, "the new one only")


@pytest.mark.timeout(300)
def test_an_id_that_comes_back_with_other_words(launch_process, node):
    servers = [launch_process(*flags(node)) for _ in range(2)]
    for server in servers:
        is_found(server)  # there is an index, without videos
    search.find_an_id_that_comes_back(servers)


@pytest.mark.timeout(300)
def test_readiness_of_a_process_that_only_searches(launch, node):
    server = launch(*flags(node), "--services", "search")
    everything = launch(*flags(node)[:2], "--opensearch-prefix", "test_other",
                        data_dir=server.data_dir.parent / "other")
    assert server.get("/readyz")[0] == 200
    node.kill()
    eventually(lambda: server.get("/readyz")[0] == 503, 20, "not ready")
    assert "OpenSearch" in server.get("/readyz")[1]
    assert everything.get("/readyz")[0] == 200


def test_a_user_needs_a_password(directory):
    failed = run("serve", "--data-dir", directory / "data", "--opensearch-url",
                 "http://127.0.0.1:1", "--opensearch-username", "someone", code=BAD_USAGE)
    assert "opensearch-password-file" in failed.stderr


NGINX = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    auth_basic OpenSearch;
    auth_basic_user_file {directory}/users;
    location / {{ proxy_pass {url}; }}
  }}
}}
"""


@pytest.fixture
def guarded(directory, node):
    """The node behind a real TLS proxy that asks for the user killrvideo and its password: the URL
    and the authority that has signed its certificate."""
    authority = Authority(directory / "authority", "ca")
    key, certificate = authority.issue("proxy")
    hashed = subprocess.run(["openssl", "passwd", "-apr1", "right"], check=True,
                            capture_output=True, text=True).stdout.strip()
    (directory / "users").write_text(f"killrvideo:{hashed}\n")
    port = free_port()
    (directory / "nginx.conf").write_text(NGINX.format(
        directory=directory, port=port, key=key, certificate=certificate, url=node.url))
    directory.chmod(0o755)
    with subprocess.Popen(["/usr/sbin/nginx", "-c", directory / "nginx.conf"]) as proxy:
        yield f"https://127.0.0.1:{port}", authority
        proxy.terminate()


def guarded_flags(directory, guarded, password="right", ca=None):
    url, authority = guarded
    (directory / "password").write_text(password + "\n")
    return ("--opensearch-url", url, "--opensearch-prefix", PREFIX,
            "--opensearch-tls-ca", ca or authority.certificate,
            "--opensearch-username", "killrvideo",
            "--opensearch-password-file", directory / "password")


@pytest.mark.timeout(120)
def test_tls_and_basic_authentication(launch, directory, guarded):
    server = launch(*guarded_flags(directory, guarded))
    is_found(server, add(server, "zebra"))


@pytest.mark.timeout(120)
def test_a_wrong_password_is_told_of(launch, directory, guarded):
    server = launch(*guarded_flags(directory, guarded, password="wrong"))
    refusal(server)
    eventually(lambda: "check opensearch-username" in server.log, 10, "a word about it")


@pytest.mark.timeout(120)
def test_a_server_that_strangers_have_signed_is_not_believed(launch, directory, guarded):
    stranger = Authority(directory / "stranger", "stranger")
    server = launch(*guarded_flags(directory, guarded, ca=stranger.certificate))
    refusal(server)
    eventually(lambda: "certificate verify failed" in server.log, 10, "a word about it")


@pytest.mark.timeout(300)
def test_processes_on_cassandra_share_one_index(launch_process, node, directory):
    """Whoever delivers events indexes for all, also while another process rebuilds it, and after an
    import and the death of the one that delivered."""
    servers = [launch_process(*flags(node)) for _ in range(2)]
    ids = [add(server, f"zebra {n}") for n in range(5) for server in servers]
    for server in servers:
        is_found(server, *ids)
    for server in servers:
        ids.append(add(server, "zebra, before"))
        run("reindex", "--data-dir", server.data_dir, *server.store_flags, *flags(node), limit=120)
        ids.append(add(server, "zebra, afterwards"))
    for server in servers:
        is_found(server, *ids)
    rows = [dataset.video(random_id(), random_id(), 1_500_000_000_000 + n, "zebra, imported")
            for n in range(20)]
    dataset.write(directory / "csv", videos=rows)
    run("import", directory / "csv", "--data-dir", directory / "importer", *servers[0].store_flags,
        *flags(node), limit=200)
    ids += [row["videoid"] for row in rows]
    servers[0].kill()
    ids.append(add(servers[1], "zebra, left alone"))
    is_found(servers[1], *ids)
    eventually(lambda: len(opensearch.indexes(node.url, PREFIX)) == 1, 20, "one index")


def handled(server):
    """How many events the search index of this process has handled."""
    return metric(server, 'killrvideo_event_lag_seconds_count{handler="search"}')


@pytest.mark.timeout(400)
def test_processes_share_the_work_of_indexing_over_kafka(launch_process, node, kafka):
    """All of them index, whoever delivers the outbox, and bring in what another one missed."""
    servers = [launch_process(*flags(node), *kafka.flags()) for _ in range(2)]
    for server in servers:
        eventually(lambda: "group=killrvideo-search partitions=3" in server.log, 60, "half of it")
    ids = [add(server, f"zebra {n}") for n in range(40) for server in servers]
    for server in servers:
        is_found(server, *ids)
        assert handled(server) > 0
    node.kill()
    for server in servers:
        is_away(server)
    ids += [add(server, f"zebra, missed {n}") for n in range(40) for server in servers]
    eventually(lambda: sum(metric(server, "killrvideo_search_index_retries")
                           for server in servers) >= 80, 60, "all missed")
    servers[0].kill()
    node.restart()
    is_found(servers[1], *ids)
