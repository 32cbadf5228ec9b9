"""Properties of walks: every row once and in order, whatever the pages, also under writes."""

import itertools
import threading
import uuid

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.ids import random_id, timeuuid
from support.paging import (comment_ids, comments_of_user, comments_of_video, latest_videos,
                            video_ids, videos_of_user, walk)

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True

NOW = 1_700_000_000_000
ROWS = 53

examples = settings(max_examples=30, deadline=None, derandomize=True,
                    suppress_health_check=[HealthCheck.function_scoped_fixture])
page_sizes = st.lists(st.one_of(st.integers(1, 12), st.integers(1, ROWS + 2)), min_size=1,
                      max_size=8)


class Rows:
    """A video and a user with comments, and the user's videos: what there is, newest first."""

    def __init__(self, client):
        self.video_id, self.user_id = random_id(), random_id()
        self.comments = [timeuuid(NOW - 10 * n * n) for n in range(ROWS)]
        for comment_id in self.comments:
            client.comment(self.video_id, self.user_id, comment_id)
        self.videos = [random_id() for _ in range(ROWS)]
        for video_id in reversed(self.videos):
            client.submit(video_id, self.user_id)
        self.dates = [client.video(video_id).added_date.ToMilliseconds()
                      for video_id in self.videos]

    def listings(self, client):
        return ((comments_of_video(client, self.video_id), comment_ids, self.comments),
                (comments_of_user(client, self.user_id), comment_ids, self.comments),
                (videos_of_user(client, self.user_id), video_ids, self.videos))


@pytest.fixture(scope="module")
def rows(server):
    return Rows(server.client)


@examples
@given(sizes=page_sizes)
def test_any_pages_give_every_row_once_in_order(client, rows, sizes):
    for fetch, ids, expected in rows.listings(client):
        assert ids(walk(fetch, sizes)) == expected


@examples
@given(sizes=page_sizes, start=st.integers(0, ROWS - 1), after=st.integers(0, 2))
def test_any_pages_from_any_start_give_the_rest(client, rows, sizes, start, after):
    """Starting at a row, or a little after or before it where no row is."""
    between = timeuuid(NOW - 10 * start * start, ticks=after)
    for fetch in (comments_of_video(client, rows.video_id), comments_of_user(client, rows.user_id)):
        walked = walk(fetch, sizes, starting_comment_id=between)
        assert comment_ids(walked) == rows.comments[start:]
    walked = walk(videos_of_user(client, rows.user_id), sizes,
                  starting_added_date=rows.dates[start], starting_video_id=rows.videos[start])
    assert video_ids(walked) == rows.videos[start:]


@examples
@given(count=st.integers(0, 8), size=st.integers(1, 9))
def test_small_listings_end_where_they_should(client, count, size):
    """All the cases around "the last page is exactly full"."""
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NOW - n) for n in range(count)]
    for comment_id in ids:
        client.comment(video_id, user_id, comment_id)
    pages, state = [], None
    while state != "":
        response = client.video_comments(video_id, size, paging_state=state)
        pages.append(comment_ids(response.comments))
        state = response.paging_state
    assert pages == [ids[n:n + size] for n in range(0, max(count, 1), size)]


class Writer:
    """Adds rows on a thread of its own, one after another, until the walks are done."""

    def __init__(self, write):
        self._write = write
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.written = 0

    def _run(self):
        for number in itertools.count():
            if self._stop.is_set():
                return
            self._write(number)
            self.written += 1

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()


def in_order(ids, milliseconds):
    return all(milliseconds(a) >= milliseconds(b) for a, b in zip(ids, ids[1:]))


@settings(examples, max_examples=6)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_comments_that_stood_are_met_once_while_others_come(client, sizes):
    """New ones come before, between and after those that stood."""
    video_id, user_id = random_id(), random_id()
    stood = [timeuuid(NOW - 1000 * n) for n in range(60)]
    for comment_id in stood:
        client.comment(video_id, user_id, comment_id)

    def write(number):
        client.comment(video_id, user_id, timeuuid(NOW + 5_000 - 37 * number % 80_000, ticks=7))

    with Writer(write) as writer:
        for fetch in (comments_of_video(client, video_id), comments_of_user(client, user_id)):
            for _ in range(2):
                met = comment_ids(walk(fetch, sizes))
                assert len(met) == len(set(met))
                assert [comment_id for comment_id in met if comment_id in set(stood)] == stood
                assert in_order(met, lambda text: uuid.UUID(text).time)
    assert writer.written > 0
    everything = comment_ids(walk(comments_of_video(client, video_id), [1000]))
    assert len(everything) == len(set(everything)) >= 60 + min(writer.written, 1)


def test_videos_that_stood_are_met_once_while_others_come(launch):
    client = launch().client
    user_id = random_id()
    stood = [random_id() for _ in range(60)]
    for video_id in reversed(stood):
        client.submit(video_id, user_id)
    with Writer(lambda _: client.submit(random_id(), user_id)) as writer:
        for fetch in (latest_videos(client), videos_of_user(client, user_id)):
            for sizes in ([1, 5], [7], [2, 3, 4]):
                walked = walk(fetch, sizes)
                met = video_ids(walked)
                assert len(met) == len(set(met))
                assert [video_id for video_id in met if video_id in set(stood)] == stood
                assert in_order(walked, lambda row: row.added_date.ToMilliseconds())
    total = 60 + writer.written
    assert len(walk(latest_videos(client), [1000])) == total
    assert len(walk(videos_of_user(client, user_id), [17])) == total


def test_latest_walks_meet_every_video_of_a_shared_catalog(client, rows):
    """Other tests add videos meanwhile; those of `rows` are among them, once and in order."""
    for sizes in ([100], [3, 50]):
        met = video_ids(walk(latest_videos(client), sizes))
        assert len(met) == len(set(met))
        mine = set(rows.videos)
        assert [video_id for video_id in met if video_id in mine] == rows.videos
