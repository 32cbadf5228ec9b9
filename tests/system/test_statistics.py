"""Statistics: how often videos were played."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.ids import random_id

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True


def stats(client, *video_ids):
    return [(row.video_id.value, row.views)
            for row in client.call("GetNumberOfPlays", video_ids=video_ids).stats]


def test_each_playback_adds_one(client):
    video_id = random_id()
    for views in range(1, 6):
        client.play(video_id.upper() if views % 2 else video_id)
        assert stats(client, video_id) == [(video_id, views)]


def test_unknown_videos_have_none(client):
    video_id = random_id()
    assert stats(client, video_id.upper()) == [(video_id, 0)]


def test_answers_come_in_the_order_asked_each_once(client):
    ids = [random_id() for _ in range(4)]
    for views, video_id in enumerate(ids):
        for _ in range(views):
            client.play(video_id)
    asked = [ids[3], ids[0], ids[3].upper(), ids[1], ids[2], ids[1]]
    assert stats(client, *asked) == [(ids[3], 3), (ids[0], 0), (ids[1], 1), (ids[2], 2)]


def test_a_hundred_ids_are_taken(client):
    ids = [random_id() for _ in range(100)]
    client.play(ids[57])
    assert stats(client, *ids) == [(video_id, int(video_id == ids[57])) for video_id in ids]


def test_playbacks_at_once_are_all_counted(client):
    ids = [random_id(), random_id()]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: client.play(ids[n % 2]), range(600)))
    assert stats(client, *ids) == [(ids[0], 300), (ids[1], 300)]


def test_plays_outlive_a_restart(launch):
    server = launch()
    video_id = random_id()
    for _ in range(3):
        server.client.play(video_id)
    server.restart()
    server.client.play(video_id)
    assert stats(server.client, video_id) == [(video_id, 4)]
    assert [row["views"] for row in server.table("video_playback_stats")] == [4]
