"""Related and suggested videos, from the rating to the answer, and across crashes."""

import collections
import random
import threading

import grpc
import pytest

from support import dataset
from support.client import Client
from support.expect import StatusCode
from support.fans import (LIKED, Fans, all_related_are_right, best_first, rate_at_random, related,
                          suggested)
from support.ids import random_id
from support.outbox import KEEPING_EVENTS
from support.paging import video_ids, walk
from support.program import run
from support.waiting import eventually

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True

NOW = 1_700_000_000_000


def test_ratings_decide_what_is_related(launch):
    client = launch().client
    fans = Fans(client, 12)
    rate_at_random(client, fans, [random_id() for _ in range(6)], 120, seed=1)
    eventually(lambda: all_related_are_right(client, fans), 60, "the right related videos")


def test_previews_are_what_the_catalog_has(launch):
    client = launch().client
    fans, user_id = Fans(client, 2), random_id()
    for video_id in fans.videos:
        client.rate(video_id, user_id, 5)
    first, second = fans.videos
    preview, = eventually(lambda: client.related(first).videos)
    video = client.video(second)
    assert (preview.video_id, preview.added_date, preview.name, preview.user_id) == (
        video.video_id, video.added_date, video.name, video.user_id)
    assert preview.preview_image_location == "//img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


def test_videos_that_share_tags_are_related(launch):
    client = launch().client
    one, both, rare, none = (random_id() for _ in range(4))
    client.submit(one, random_id(), tags=["common", "rare"])
    client.submit(both, random_id(), tags=["common", "rare"])
    client.submit(rare, random_id(), tags=["rare"])
    client.submit(none, random_id(), tags=["else"])
    commons = [random_id() for _ in range(4)]
    for video_id in commons:
        client.submit(video_id, random_id(), tags=["common"])
    found = eventually(lambda: len(all_ := related(client, one)) == 6 and all_)
    assert found[:2] == [both, rare] and set(found[2:]) == set(commons)
    assert len(related(client, one, page_size=0)) == 5


def test_a_user_gets_neither_what_they_rated_nor_what_they_uploaded(launch):
    client = launch().client
    fans, user_id, own = Fans(client, 8), random_id(), random_id()
    client.submit(own, user_id)
    for other in (random_id(), random_id()):
        for video_id in (*fans.videos, own):
            client.rate(video_id, other, 5)
    for video_id in fans.videos[:3]:
        client.rate(video_id, user_id, 4)
    client.rate(fans.videos[3], user_id, 1)

    def page(**fields):
        answer = client.suggested(user_id, **fields)
        return list(answer.videos), answer.paging_state

    # A walk during which the last ratings are counted may miss what has moved.
    eventually(lambda: sorted(video_ids(walk(page, [1, 2]))) == sorted(fans.videos[4:]))


def test_a_new_user_gets_what_is_popular_and_what_is_new(launch):
    client = launch().client
    fans = Fans(client, 30)
    favourite = fans.videos[0]
    for _ in range(3):
        client.rate(favourite, random_id(), 5)
    assert eventually(lambda: (got := suggested(client, random_id(), page_size=3))[:1] == [
        favourite] and got) == [favourite, fans.videos[-1], fans.videos[-2]]


@pytest.mark.rocksdb
@pytest.mark.timeout(180)
def test_after_crashes_under_load_each_rating_counts_once(launch):
    server = launch()
    fans = Fans(server.client, 15)
    for _ in range(4):
        users = [random_id() for _ in range(8)]
        acknowledged = []

        def rate(number):
            client, choice = Client(server.grpc_address), random.Random(number)
            try:
                while True:
                    video_id, stars = choice.choice(fans.videos), choice.randint(1, 5)
                    client.rate(video_id, users[number], stars)
                    acknowledged.append(stars)
            except grpc.RpcError as error:
                assert error.code() in (StatusCode.UNAVAILABLE, StatusCode.CANCELLED), error
            finally:
                client.close()

        threads = [threading.Thread(target=rate, args=[n]) for n in range(8)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(acknowledged) > 300, 60, "300 ratings")
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        # What was sent last may have been written or not: the table says.
        fans.stars = {(row["videoid"], row["userid"]): row["rating"]
                      for row in server.table("video_ratings_by_user")}
        eventually(lambda: not server.table("outbox_events"), 30, "all events delivered")
        assert all_related_are_right(server.client, fans)


def test_events_that_waited_for_a_process_that_delivers_count_then(launch):
    server = launch(*KEEPING_EVENTS)
    fans = Fans(server.client, 6)
    rate_at_random(server.client, fans, [random_id() for _ in range(4)], 40, seed=2)
    assert not any(related(server.client, video) for video in fans.videos)
    server.kill()
    server = launch(data_dir=server.data_dir)
    eventually(lambda: all_related_are_right(server.client, fans), 60, "the right related videos")
    eventually(lambda: not server.table("outbox_events"), 60)


# All that is made from ratings and tags.
MADE = ("suggestions_likes", "suggestions_recent_likes", "suggestions_scores",
        "suggestions_related", "suggestions_tags", "videos_by_tag")


def rows_of(server):
    """What is the same on a store however it came about: Cassandra's partitions have an order."""
    return {name: sorted(server.table(name), key=str) for name in MADE}


def all_delivered(server):
    eventually(lambda: not server.table("outbox_events"), 60, "all events delivered")


def test_an_import_leads_to_the_same_as_events(launch, directory):
    server = launch()
    client = server.client
    fans = Fans(client, 10, tags=["one", "it's two"])
    rate_at_random(client, fans, [random_id() for _ in range(5)], 60, seed=3)
    all_delivered(server)
    right = [related(client, video) for video in fans.videos]
    assert any(right)
    videos, ratings = server.table("videos"), server.table("video_ratings_by_user")
    tags = "{'one', 'it''s two'}"
    rows = [dataset.video(row["videoid"], row["userid"], NOW, row["name"],
                          added_date=row["added_date"], tags=tags,
                          preview_image_location=row["preview_image_location"])
            for row in videos]
    source = dataset.write(directory / "csv", videos=rows, video_ratings_by_user=[
        {key: row[key] for key in ("videoid", "userid", "rating", "rating_date")}
        for row in ratings])
    imported = launch(data_dir=directory / "imported", start=False)
    run("import", source, "--data-dir", imported.data_dir, *imported.store_flags, limit=120)
    assert rows_of(imported) == rows_of(server)
    imported.start()
    assert [related(imported.client, video) for video in fans.videos] == right


def test_what_is_generated_is_related_too(launch):
    server = launch(start=False)
    run("generate", "--users", 30, "--videos", 60, "--ratings", 600, "--data-dir",
        server.data_dir, *server.store_flags, limit=120)
    server.start()
    fans = Fans(server.client, 0)
    fans.videos = [row["videoid"] for row in server.table("videos")]
    fans.stars = {(row["videoid"], row["userid"]): row["rating"]
                  for row in server.table("video_ratings_by_user")}
    likes = collections.Counter(user for (_, user), stars in fans.stars.items() if stars >= LIKED)
    assert max(likes.values()) <= 50, "all likes count, so that this test can be simple"
    for video in fans.videos:
        expected = best_first(fans.scores(video))
        assert related(server.client, video, page_size=100)[:len(expected)] == expected


@pytest.mark.parametrize("serving", [True, False])
def test_rebuilt_the_recommendations_are_the_same(launch, serving):
    server = launch()
    fans = Fans(server.client, 12, tags=["one"])
    rate_at_random(server.client, fans, [random_id() for _ in range(6)], 100, seed=4)
    all_delivered(server)
    before = rows_of(server)
    right = [related(server.client, video) for video in fans.videos]
    assert before["suggestions_scores"] and before["suggestions_tags"] and all(right)
    if not serving:
        server.stop()
    done = run("reindex", "--recommendations", "--data-dir", server.data_dir, *server.store_flags)
    assert done.stdout == "the recommendations are rebuilt\n"
    assert rows_of(server) == before
    if not serving:
        server.start()
    assert [related(server.client, video) for video in fans.videos] == right


def test_rebuilt_the_recommendations_have_ratings_of_which_no_event_told(launch):
    server = launch(*KEEPING_EVENTS)
    fans = Fans(server.client, 8)
    rate_at_random(server.client, fans, [random_id() for _ in range(4)], 50, seed=5)
    run("reindex", "--recommendations", "--data-dir", server.data_dir, *server.store_flags)
    assert all_related_are_right(server.client, fans)
