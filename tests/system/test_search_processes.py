"""Search in several processes on one cluster, each with an index of its own."""

import pytest

from support import dataset, search
from support.ids import random_id
from support.program import run
from support.waiting import eventually

pytestmark = pytest.mark.timeout(300)


def submit(server, name):
    video_id = random_id()
    server.client.submit(video_id, random_id(), name)
    return video_id


def all_find(servers, video_ids, query="zebra"):
    for server in servers:
        eventually(lambda: sorted(search.ids(server.client, query)) == sorted(video_ids), 20,
                   f"the videos in {server.data_dir}")


def test_each_process_finds_what_any_has_taken_also_after_a_restart(launch_process):
    servers = [launch_process(), launch_process()]
    ids = [submit(server, f"zebra {n}") for n in range(5) for server in servers]
    all_find(servers, ids)
    for restarted, other in (servers, reversed(servers)):
        restarted.stop()
        ids += [submit(other, "zebra, in its absence") for _ in range(3)]
        restarted.start()
        ids += [submit(server, "zebra, afterwards") for server in servers]
        all_find(servers, ids)
        assert "search index is built" not in restarted.log


def test_a_process_that_is_killed_goes_on_from_where_it_was(launch_process):
    servers = [launch_process(), launch_process()]
    ids = [submit(servers[0], f"zebra {n}") for n in range(5)]
    all_find(servers, ids)
    for killed, other in (servers, reversed(servers)):
        killed.kill()
        ids.append(submit(other, "zebra, in its absence"))
        killed.start()
        all_find(servers, ids)


def test_a_process_without_the_search_takes_nothing_from_those_with_it(launch_process):
    without = launch_process("--services", "users,catalog")
    servers = [launch_process(), launch_process()]
    ids = [submit(without, f"zebra {n}") for n in range(5)]
    all_find(servers, ids)
    assert not (without.data_dir / "search").exists()
    ids += [submit(server, "zebra") for server in servers]
    all_find(servers, ids)


def test_an_id_that_comes_back_with_other_words(launch_process):
    search.find_an_id_that_comes_back([launch_process(), launch_process()])


def test_an_import_is_found_by_every_process(launch_process, directory):
    servers = [launch_process(), launch_process()]
    rows = [dataset.video(random_id(), random_id(), 1_500_000_000_000 + n, f"zebra {n}")
            for n in range(50)]
    dataset.write(directory / "csv", videos=rows)
    run("import", directory / "csv", "--data-dir", directory / "importer", *servers[0].store_flags,
        limit=200)
    all_find(servers, [row["videoid"] for row in rows])
