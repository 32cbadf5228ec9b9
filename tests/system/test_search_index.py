"""The search index: built in bulk, rebuilt, lost, damaged, behind after a crash."""

import json
import os
import pty
import re
import shutil
import subprocess
import threading

import pytest

from support import dataset, search
from support.ids import random_id
from support.program import BINARY, ROOT, run
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True
EVERY_INDEX = True

DATA = ROOT / "tests" / "data" / "killrvideo-data"
QUERIES = json.loads((DATA / "queries.json").read_text())


def when_there(call, limit=60):
    """What `call` gives as soon as there is an index to ask."""
    def tried():
        try:
            return call()
        except Exception as error:
            assert "UNAVAILABLE" in str(error.code())
    return eventually(tried, limit, "an index")


@pytest.fixture
def import_videos(directory, engine):
    """Imports so many striped animals, and gives their ids."""
    def imported(count, data_dir="data"):
        return _import_videos(directory, count, directory / data_dir, engine)
    return imported


def _import_videos(directory, count, data_dir, engine):
    user_id = random_id()
    videos = [dataset.video(random_id(), user_id, 1_600_000_000_000 + n * 1000, f"zebra number {n}",
                            description="A striped animal", tags=f"{{'tag{n % 7}', 'animals'}}")
              for n in range(count)]
    dataset.write(directory / "csv", videos=videos)
    run("import", directory / "csv", "--data-dir", data_dir, *engine.flags(data_dir), limit=200)
    return [video["videoid"] for video in videos]


@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case["query"])
def test_what_comes_first_in_the_public_data_set(public_server, case):
    first = search.names(public_server.client, case["query"], len(case["first"]))
    assert sorted(first) == sorted(case["first"]), case["why"]
    if case.get("in_order"):
        assert first == case["first"], case["why"]


def test_imported_videos_are_found(launch, import_videos):
    ids = import_videos(300)
    client = launch().client
    assert sorted(search.ids(client, "zebra")) == sorted(ids)
    assert search.completions(client, "tag") == [f"tag{n}" for n in range(7)]


def test_ids_that_are_imported_again_with_other_words(launch, directory, engine):
    ids, server = [random_id() for _ in range(20)], launch(start=False)

    def load(name, added):
        videos = [dataset.video(id, random_id(), added + n, name) for n, id in enumerate(ids)]
        dataset.write(directory / "csv", videos=videos)
        run("import", directory / "csv", "--data-dir", server.data_dir, *server.store_flags,
            limit=200)
        server.start()

    load("a zebra", 1_600_000_000_000)
    assert sorted(when_there(lambda: search.ids(server.client, "zebra"))) == sorted(ids)
    server.stop()
    load("a lion", 1_700_000_000_000)
    assert sorted(when_there(lambda: search.ids(server.client, "lion"))) == sorted(ids)
    assert search.ids(server.client, "zebra") == []
    assert search.completions(server.client, "zebr") == []


def test_generated_videos_are_found(launch):
    server = launch(start=False)
    run("generate", "--users", "10", "--videos", "200", "--data-dir", server.data_dir,
        *server.store_flags, limit=200)
    server.start()
    for row in server.table("videos")[:20]:
        assert row["videoid"] in search.ids(server.client, row["name"])


def test_the_bulk_gives_what_events_give(launch, directory, import_videos):
    import_videos(40, "bulk")
    by_events = launch()
    bulk = launch(data_dir=directory / "bulk")
    for row in bulk.table("videos"):
        by_events.client.submit(row["videoid"], row["userid"], row["name"], row["description"],
                                row["tags"])
    eventually(lambda: len(search.ids(by_events.client, "zebra")) == 40, 10, "all videos")
    for query in ("zebra", "tag3", "zebra 7", "striped number", "zebr tag1", "animel"):
        assert sorted(search.ids(bulk.client, query)) == sorted(search.ids(by_events.client, query))
    for prefix in ("z", "ta", "a", "1"):
        assert (search.completions(bulk.client, prefix) ==
                search.completions(by_events.client, prefix))


def test_a_lost_index_is_built_from_the_store(launch, import_videos, engine):
    ids = import_videos(300)
    server = launch()
    server.stop()
    engine.lose_search_indexes(server.data_dir)
    server.start()
    assert sorted(when_there(lambda: search.ids(server.client, "zebra"))) == sorted(ids)
    assert "search index is built" in server.log


@pytest.mark.rocksdb  # The index is the same on both.
@pytest.mark.parametrize("name", ["iamglass", "postlist.glass", "termlist.glass"])
@pytest.mark.parametrize("damage", ["emptied", "cut", "overwritten", "removed"])
def test_a_damaged_index_is_rebuilt(launch, import_videos, name, damage):
    ids = import_videos(300)
    server = launch()
    server.stop()
    for file in (server.data_dir / "search").rglob(name):
        content = file.read_bytes()
        if damage == "removed":
            file.unlink()
        else:
            file.write_bytes({"emptied": b"", "cut": content[:len(content) // 2],
                              "overwritten": b"\xa5" * len(content)}[damage])
    server.start()

    def whole():
        try:
            return sorted(search.ids(server.client, "zebra", (100,))) == sorted(ids)
        except Exception as error:
            assert "UNAVAILABLE" in str(error.code())
            return False
    eventually(whole, 60, "a whole index")


@pytest.mark.rocksdb  # OpenSearch has one index only.
def test_an_index_of_an_older_store_is_not_used(launch, directory, import_videos):
    """As after a restore: the store names another index than the one that is there."""
    import_videos(20)
    server = launch()
    server.stop()
    older = directory / "older"
    shutil.copytree(server.data_dir / "search", older)
    run("reindex", "--data-dir", server.data_dir, *server.store_flags)
    server.start()
    server.client.submit(random_id(), random_id(), "a lion")
    eventually(lambda: search.names(server.client, "lion"), 10, "the lion")
    server.stop()
    shutil.rmtree(server.data_dir / "search")
    shutil.copytree(older, server.data_dir / "search")
    server.start()
    assert when_there(lambda: search.names(server.client, "lion")) == ["a lion"]


def test_reindex_while_serving_leaves_no_gap(launch, import_videos, engine):
    ids = import_videos(3000)
    server = launch()
    ended, gaps = threading.Event(), []

    def ask():
        while not ended.is_set():
            try:
                if len(search.hits(server.client, "zebra", 20).videos) != 20:
                    gaps.append("a page was not full")
            except Exception as error:
                gaps.append(str(error))
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        before = engine.search_indexes(server.data_dir)
        for n in range(3):
            reindexing = subprocess.Popen(
                [BINARY, "reindex", "--data-dir", server.data_dir, *server.store_flags],
                stdout=subprocess.PIPE)
            server.client.submit(random_id(), random_id(), f"lion {n}")
            assert reindexing.communicate()[0] == b"the search index is rebuilt\n"
            assert reindexing.returncode == 0
        # One in OpenSearch stays until whoever still asks it has an answer.
        eventually(lambda: len(engine.search_indexes(server.data_dir)) == 1, 40, "one index")
        assert not before & engine.search_indexes(server.data_dir)
    finally:
        ended.set()
        asking.join()
    assert gaps == []
    assert sorted(search.ids(server.client, "zebra", (1000,))) == sorted(ids)
    eventually(lambda: len(search.names(server.client, "lion")) == 3, 10, "the lions")


def on_a_terminal(*arguments):
    """What a command writes to standard error if that is a terminal."""
    ours, its = pty.openpty()
    with subprocess.Popen([BINARY, *arguments], stdout=subprocess.DEVNULL, stderr=its) as process:
        os.close(its)
        text = b""
        try:
            while part := os.read(ours, 4096):
                text += part
        except OSError:  # nobody has the terminal open any more
            pass
        os.close(ours)
        assert process.wait() == 0, text
    return text.decode()


def test_reindex_shows_a_bar(launch, import_videos):
    import_videos(300)
    server = launch(start=False)
    arguments = ("reindex", "--data-dir", server.data_dir, *server.store_flags)
    bar = re.compile(r"\rsearch index +\[=+\] 100%")
    assert bar.search(on_a_terminal(*arguments))
    server.start()
    assert bar.search(on_a_terminal(*arguments))


def test_reindex_without_a_server(launch, import_videos, engine):
    ids = import_videos(50)
    server = launch(start=False)
    engine.lose_search_indexes(server.data_dir)
    assert run("reindex", "--data-dir", server.data_dir, *server.store_flags).stdout == (
        "the search index is rebuilt\n")
    server.start()
    assert sorted(search.ids(server.client, "zebra")) == sorted(ids)
    assert "search index is built" not in server.log


def test_a_walk_goes_on_over_a_reindex(launch, import_videos):
    ids = import_videos(200)
    server = launch()
    reindex = ("reindex", "--data-dir", server.data_dir, *server.store_flags)
    walked = search.ids(server.client, "striped", (30,), lambda: run(*reindex))
    assert sorted(walked) == sorted(ids)


def test_nothing_is_lost_when_the_process_is_killed(launch):
    server = launch()
    ids = []
    for _ in range(5):
        for n in range(30):
            ids.append(random_id())
            server.client.submit(ids[-1], random_id(), f"zebra {n}")
        server.kill()
        server.start()
    eventually(lambda: sorted(search.ids(server.client, "zebra")) == sorted(ids), 30, "all zebras")
