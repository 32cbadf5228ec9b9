"""killrvideo import: KillrVideo's public data set, as it is published and as tools write it."""

import contextlib

import pytest

from support import dataset
from support.imports import Numbers, numbers
from support.paging import latest_videos, video_ids, walk
from support.program import run, table

EVERY_ENGINE = True

# Each import of the whole set on Cassandra rebuilds all recommendations.
pytestmark = [pytest.mark.concurrent, pytest.mark.timeout(300)]

ROWS = {"users": 150, "user_credentials": 150, "videos": 500, "latest_videos": 100,
        "comments": 771, "comments_by_user": 771, "video_ratings_by_user": 884,
        "video_ratings": 404, "video_playback_stats": 500}
TABLES = {"users": 150, "user_credentials": 150, "videos": 500, "latest_videos": 500,
          "user_videos": 500, "comments_by_video": 771, "comments_by_user": 771,
          "video_ratings_by_user": 884, "video_ratings": 404, "video_playback_stats": 500}


@contextlib.contextmanager
def store_of(engine, directory):
    """A store of one module: what the flags say of it."""
    data_dir = directory / "data"
    yield ["--data-dir", data_dir, *engine.flags(data_dir)]
    engine.drop(data_dir)


def everything(store):
    return {name: sorted(table(store[1], name, *store[2:]), key=str) for name in TABLES}


@pytest.fixture(scope="module")
def imported(engine, tmp_path_factory):
    with store_of(engine, tmp_path_factory.mktemp("public")) as store:
        done = run("import", dataset.PUBLIC, *store, limit=200)
        yield store, done, everything(store)


def test_all_rows_come_in(imported):
    _, done, rows = imported
    assert {name: len(found) for name, found in rows.items()} == TABLES
    for name, read in ROWS.items():
        assert numbers(done, name).read == read
        assert numbers(done, name).refused == 0
    assert "escape: doubled" in done.stdout
    assert {row["location_type"] for row in rows["videos"]} == {0}
    assert sum(bool(row["content_features"]) for row in rows["videos"]) == 20


@pytest.mark.parametrize("form", dataset.FORMS)
def test_every_form_says_the_same(imported, directory, form):
    store, _, before = imported
    csv = dataset.write_as(form, directory / "csv", dataset.read_public())
    done = run("import", csv, *store, limit=200)
    for name, read in ROWS.items():
        assert numbers(done, name) == Numbers(read, taken=0, unchanged=read, refused=0), name
    assert everything(store) == before


def test_the_catalog_is_answered(launch, imported, engine):
    store, _, rows = imported
    server = launch(data_dir=store[1])
    listed = video_ids(walk(latest_videos(server.client), [100]))
    newest = sorted(rows["videos"], key=lambda row: row["added_date"], reverse=True)
    assert set(listed) == {row["videoid"] for row in newest}
    assert listed[0] == newest[0]["videoid"]
