"""Each write leaves its event in the outbox, and what writes nothing leaves none."""

import time

import grpc
import pytest

from support.ids import random_id, timeuuid
from support.outbox import KEEPING_EVENTS, events
from support.waiting import seconds

pytestmark = pytest.mark.concurrent

NOW = 1_700_000_000_000


def recent(timestamp):
    return abs(timestamp.ToMilliseconds() / 1000 - time.time()) < seconds(30)


@pytest.fixture
def server(launch):
    return launch(*KEEPING_EVENTS)


def test_creating_a_user(server):
    user_id = random_id()
    server.client.create_user(user_id, "ada@example.org", first_name="Ada", last_name="Lovelace")
    event, = events(server)
    assert event.DESCRIPTOR.full_name == "killrvideo.user_management.events.UserCreated"
    assert (event.user_id.value, event.email) == (user_id, "ada@example.org")
    assert (event.first_name, event.last_name) == ("Ada", "Lovelace")
    assert recent(event.timestamp)


def test_submitting_a_video(server):
    video_id, user_id = random_id(), random_id()
    server.client.submit(video_id, user_id, "Sintel", "A dragon", ["film"], "dQw4w9WgXcQ")
    event, = events(server)
    assert event.DESCRIPTOR.full_name == "killrvideo.video_catalog.events.YouTubeVideoAdded"
    video = server.client.video(video_id)
    assert (event.video_id.value, event.user_id.value) == (video_id, user_id)
    assert (event.name, event.description, list(event.tags)) == ("Sintel", "A dragon", ["film"])
    assert event.location == "dQw4w9WgXcQ"
    assert event.preview_image_location == "//img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg"
    assert event.added_date == video.added_date
    assert recent(event.timestamp)


def test_commenting(server):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW)
    server.client.comment(video_id, user_id, comment_id)
    event, = events(server)
    assert event.DESCRIPTOR.full_name == "killrvideo.comments.events.UserCommentedOnVideo"
    assert (event.video_id.value, event.user_id.value) == (video_id, user_id)
    assert event.comment_id.value == comment_id
    assert event.comment_timestamp.ToMilliseconds() == NOW


def test_rating(server):
    video_id, user_id = random_id(), random_id()
    server.client.rate(video_id, user_id, 4)
    event, = events(server)
    assert event.DESCRIPTOR.full_name == "killrvideo.ratings.events.UserRatedVideo"
    assert (event.video_id.value, event.user_id.value) == (video_id, user_id)
    assert event.rating == 4
    assert recent(event.rating_timestamp)


def test_rating_again_is_an_event_of_its_own_after_the_first(server):
    video_id, user_id = random_id(), random_id()
    for stars in (1, 5, 2, 4, 3):
        server.client.rate(video_id, user_id, stars)
    assert [event.rating for event in events(server)] == [1, 5, 2, 4, 3]


def test_repeating_a_request_adds_no_event(server):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW)
    for _ in range(3):
        server.client.submit(video_id, user_id)
        server.client.comment(video_id, user_id, comment_id)
    assert len(events(server, "YouTubeVideoAdded")) == 1
    assert len(events(server, "UserCommentedOnVideo")) == 1


def test_reading_playing_and_failing_add_no_event(server):
    client = server.client
    video_id, user_id = random_id(), random_id()
    client.create_user(user_id, "ada@example.org")
    client.submit(video_id, user_id)
    before = len(events(server))
    for call in (lambda: client.play(video_id), lambda: client.video(video_id), client.latest,
                 lambda: client.create_user(random_id(), "ada@example.org"),
                 lambda: client.create_user(user_id, "bob@example.org"),
                 lambda: client.submit(video_id, user_id, name="Another"),
                 lambda: client.rate(video_id, user_id, 6),
                 lambda: client.comment(video_id, user_id, random_id())):
        try:
            call()
        except grpc.RpcError:
            pass
    assert len(events(server)) == before == 2
