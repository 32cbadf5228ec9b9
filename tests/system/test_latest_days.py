"""Days of the latest videos that other tools have written on a cluster."""

import time

import pytest

from support import cassandra
from support.engines import ENGINES
from support.ids import random_id
from support.paging import latest_videos, video_ids, walk
from support.program import run

pytestmark = pytest.mark.timeout(300)

DAY = 86_400_000
TODAY = int(time.time() * 1000)
YEARS_AGO = 1_500_000_000_000  # 2017-07-14


@pytest.fixture
def engine():
    return ENGINES["cassandra"]


def write(keyspace, added):
    """A row that another tool writes; returns its video."""
    video_id = random_id()
    day = time.strftime("%Y%m%d", time.gmtime(added // 1000))
    cassandra.insert(keyspace, "latest_videos", yyyymmdd=day, added_date=added, videoid=video_id,
                     name="Theirs")
    return video_id


def listed(server):
    return video_ids(walk(latest_videos(server.client), [2]))


def test_today_and_yesterday_are_shown_at_once_and_other_days_after_reindex(launch):
    server = launch()
    keyspace = server.engine.keyspace(server.data_dir)
    assert listed(server) == []
    new = [write(keyspace, TODAY - age) for age in (0, 1000, DAY)]
    old = [write(keyspace, YEARS_AGO - age) for age in (0, DAY, 4000 * DAY)]
    assert listed(server) == new
    run("reindex", "--data-dir", server.data_dir, *server.store_flags)
    assert listed(server) == new + old


def test_a_keyspace_that_another_implementation_has_filled_is_listed_from_the_first_start(
        launch, directory, engine):
    keyspace = engine.keyspace(directory / "data")
    cassandra.execute(f"CREATE KEYSPACE {keyspace} WITH replication = "
                      "{'class': 'SimpleStrategy', 'replication_factor': 1}")
    cassandra.execute(
        f"CREATE TABLE {keyspace}.latest_videos (yyyymmdd text, added_date timestamp, videoid uuid,"
        " userid uuid, name text, preview_image_location text,"
        " PRIMARY KEY (yyyymmdd, added_date, videoid))"
        " WITH CLUSTERING ORDER BY (added_date DESC, videoid ASC)")
    theirs = [write(keyspace, YEARS_AGO - age) for age in (0, 100 * DAY, 9000 * DAY)]
    assert listed(launch()) == theirs
