"""Events of rows that were removed or are not visible yet, on a cluster: no other event waits."""

import time

import pytest

from support import cassandra
from support.fans import related
from support.ids import random_id
from support.kafka import wait_until_consumed
from support.outbox import KEEPING_EVENTS
from support.waiting import eventually

pytestmark = pytest.mark.timeout(300)

# After so many seconds of tries the next one is more than six seconds away.
LONG_PAUSE = 14


def remove(keyspace, video_id):
    cassandra.execute(f"DELETE FROM {keyspace}.videos WHERE videoid = {video_id}")


def tagged(server, tag):
    return {row["videoid"] for row in server.table("videos_by_tag") if row["tag"] == tag}


@pytest.fixture(params=["outbox", "Kafka"])
def transport(request):
    """The flags of processes that deliver events, by way of the outbox alone or over Kafka."""
    return request.getfixturevalue("kafka").flags() if request.param == "Kafka" else []


def test_an_event_about_a_row_that_is_gone_holds_up_no_later_one(launch_process, transport):
    writer = launch_process(*KEEPING_EVENTS)
    keyspace = writer.engine.keyspace(writer.data_dir)
    video_id, other, tag = random_id(), random_id(), f"tag{random_id()[:8]}"
    writer.client.submit(other, random_id(), tags=[tag])
    writer.client.submit(video_id, random_id(), "Before", tags=["before"])
    remove(keyspace, video_id)
    began = time.monotonic()
    delivering = launch_process(*transport)
    eventually(lambda: tagged(delivering, tag), 60, "the other video's tag")
    time.sleep(max(0, began + LONG_PAUSE - time.monotonic()))

    # The same id comes back with other content; other tools have emptied the listings, too.
    for table in ("user_videos", "latest_videos"):
        cassandra.execute(f"TRUNCATE {keyspace}.{table}")
    writer.client.submit(video_id, random_id(), "After", tags=[tag])
    eventually(lambda: video_id in related(delivering.client, other), 2, "the later event")
    # The first one is tried until it passes, and is no dead letter.
    if transport:
        wait_until_consumed(delivering)
    else:
        eventually(lambda: not delivering.table("outbox_events"), 30, "an empty outbox")
    assert "dead letter" not in delivering.log


def test_an_event_waits_for_its_row(launch_process):
    """For longer than a handler may fail otherwise."""
    writer = launch_process(*KEEPING_EVENTS)
    keyspace = writer.engine.keyspace(writer.data_dir)
    video_id, other, tag = random_id(), random_id(), f"tag{random_id()[:8]}"
    writer.client.submit(other, random_id(), tags=[tag])
    writer.client.submit(video_id, random_id(), tags=[tag])
    row = next(row for row in writer.table("videos") if row["videoid"] == video_id)
    remove(keyspace, video_id)
    delivering = launch_process("--event-tries", "1")
    eventually(lambda: tagged(delivering, tag), 60, "the other video's tag")
    time.sleep(5)
    assert len(delivering.table("outbox_events")) == 1
    columns = {name: value for name, value in row.items() if value is not None}
    cassandra.insert(keyspace, "videos", **columns)
    eventually(lambda: not delivering.table("outbox_events"), 20, "the event is handled")
    assert not delivering.table("outbox_dead_letters")
    assert tagged(delivering, tag) == {video_id, other}
