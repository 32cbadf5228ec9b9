"""Comments: writing them, and listing them by video and by user."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from support.expect import StatusCode
from support.ids import random_id, time_of, timeuuid
from support.outbox import KEEPING_EVENTS, events
from support.paging import comment_ids, comments_of_user, comments_of_video, walk

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True

NOW = 1_700_000_000_123


def test_a_comment_is_listed_by_video_and_by_user(client):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW)
    client.comment(video_id, user_id, comment_id, "Schön! 🎬\nReally.")

    by_video = client.video_comments(video_id)
    assert by_video.video_id.value == video_id
    assert by_video.paging_state == ""
    row, = by_video.comments
    assert (row.comment_id.value, row.user_id.value) == (comment_id, user_id)
    assert row.comment == "Schön! 🎬\nReally."
    assert row.comment_timestamp.ToMilliseconds() == NOW

    by_user = client.user_comments(user_id)
    assert by_user.user_id.value == user_id
    assert by_user.paging_state == ""
    row, = by_user.comments
    assert (row.comment_id.value, row.video_id.value) == (comment_id, video_id)
    assert row.comment == "Schön! 🎬\nReally."
    assert row.comment_timestamp.ToMilliseconds() == NOW


def test_ids_are_taken_in_any_case_and_answered_in_lower_case(client):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW, node=0xABCDEF)
    client.comment(video_id.upper(), user_id.upper(), comment_id.upper())
    row, = client.video_comments(video_id.upper()).comments
    assert (row.comment_id.value, row.user_id.value) == (comment_id, user_id)
    row, = client.user_comments(user_id.upper()).comments
    assert (row.comment_id.value, row.video_id.value) == (comment_id, video_id)


@pytest.mark.parametrize("milliseconds, ticks", [
    (0, 0), (NOW, 9_999), (NOW, 1), (1, 0), (4_102_444_800_000, 0), (-1_000, 0),
    (-11_644_473_600_000, 0)])
def test_a_comments_time_is_that_of_its_id(client, milliseconds, ticks):
    video_id, comment_id = random_id(), timeuuid(milliseconds, ticks)
    client.comment(video_id, random_id(), comment_id)
    row, = client.video_comments(video_id).comments
    assert row.comment_timestamp.nanos % 1_000_000 == 0
    assert row.comment_timestamp.ToMilliseconds() == time_of(comment_id) == milliseconds


def test_neither_video_nor_user_need_to_exist(client):
    client.comment(random_id(), random_id(), timeuuid(NOW))


def test_the_same_comment_again_is_a_no_op(server, client):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW)
    for _ in range(3):
        client.comment(video_id, user_id, comment_id)
    assert len(client.video_comments(video_id).comments) == 1
    assert len(client.user_comments(user_id).comments) == 1
    for table in ("comments_by_video", "comments_by_user"):
        assert [row["videoid"] for row in server.table(table)].count(video_id) == 1


def test_the_same_comment_many_times_at_once_is_stored_once(client):
    video_id, user_id, comment_id = random_id(), random_id(), timeuuid(NOW)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.comment(video_id, user_id, comment_id), range(16)))
    assert len(client.video_comments(video_id).comments) == 1


@pytest.fixture(scope="module")
def conversation(server):
    """A video and a user with 60 comments that were written in no order; their ids newest first.

    Their times are a tick, a millisecond or a year apart, and some are equal."""
    video_id, user_id = random_id(), random_id()
    moments = [(NOW + n, 0, 1) for n in range(20)]
    moments += [(NOW - 500, ticks, 1) for ticks in range(20)]
    moments += [(NOW - 1_000, 0, node) for node in (5, 3, 0x7F0000000001, 0x010000000000, 4)]
    moments += [(NOW - year * 31_557_600_000, 0, 1) for year in range(1, 16)]
    ids = [timeuuid(ms, ticks, node=node) for ms, ticks, node in moments]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda index: server.client.comment(
            video_id, user_id, ids[index * 7 % 60], f"Comment {ids[index * 7 % 60]}"), range(60)))
    newest_first = [comment_id for _, comment_id in sorted(
        zip(moments, ids), key=lambda pair: pair[0], reverse=True)]
    return video_id, user_id, newest_first


def test_comments_are_listed_newest_first(client, conversation):
    video_id, user_id, ids = conversation
    assert comment_ids(client.video_comments(video_id).comments) == ids
    assert comment_ids(client.user_comments(user_id).comments) == ids
    assert [row.comment for row in client.video_comments(video_id, 3).comments] == [
        f"Comment {comment_id}" for comment_id in ids[:3]]


@pytest.mark.parametrize("size", [1, 7, 20, 30, 59, 60, 61, 1000])
def test_pages_follow_each_other(client, conversation, size):
    video_id, user_id, ids = conversation
    assert comment_ids(walk(comments_of_video(client, video_id), [size])) == ids
    assert comment_ids(walk(comments_of_user(client, user_id), [size])) == ids


def test_a_full_last_page_promises_no_more(client, conversation):
    video_id, user_id, ids = conversation
    assert client.video_comments(video_id, 60).paging_state == ""
    assert client.user_comments(user_id, 60).paging_state == ""
    state = client.video_comments(video_id, 40).paging_state
    assert state
    last = client.video_comments(video_id, 20, paging_state=state)
    assert comment_ids(last.comments) == ids[40:]
    assert last.paging_state == ""


def test_listings_start_at_any_comment_and_include_it(client, conversation):
    video_id, user_id, ids = conversation
    for index in range(0, 60, 3):
        start = {"starting_comment_id": ids[index]}
        assert comment_ids(client.video_comments(video_id, **start).comments) == ids[index:]
        assert comment_ids(client.user_comments(user_id, **start).comments) == ids[index:]
        assert comment_ids(walk(comments_of_video(client, video_id), [9], **start)) == ids[index:]
        assert comment_ids(walk(comments_of_user(client, user_id), [9], **start)) == ids[index:]


def test_listings_start_between_comments(client, conversation):
    video_id, user_id, ids = conversation
    between = {"starting_comment_id": timeuuid(NOW - 400)}
    assert comment_ids(client.video_comments(video_id, **between).comments) == ids[20:]
    assert comment_ids(client.user_comments(user_id, **between).comments) == ids[20:]
    before_all = {"starting_comment_id": timeuuid(0)}
    assert list(client.video_comments(video_id, **before_all).comments) == []
    after_all = {"starting_comment_id": timeuuid(NOW * 2).upper()}
    assert comment_ids(client.user_comments(user_id, **after_all).comments) == ids


def test_a_starting_point_goes_with_its_pages_or_stays_away(client, conversation):
    video_id, user_id, ids = conversation
    start = {"starting_comment_id": ids[5]}
    state = client.video_comments(video_id, 10, **start).paging_state
    for again in (start, {}, {"starting_comment_id": ids[5].upper()}):
        page = client.video_comments(video_id, 10, paging_state=state, **again)
        assert comment_ids(page.comments) == ids[15:25]
    state = client.user_comments(user_id, 10, **start).paging_state
    for again in (start, {}):
        page = client.user_comments(user_id, 10, paging_state=state, **again)
        assert comment_ids(page.comments) == ids[15:25]


def test_listings_of_unknown_videos_and_users_are_empty(client):
    for response in (client.video_comments(random_id()), client.user_comments(random_id())):
        assert list(response.comments) == []
        assert response.paging_state == ""


def test_comments_outlive_a_restart(launch):
    server = launch()
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NOW + n) for n in range(5)]
    for comment_id in ids:
        server.client.comment(video_id, user_id, comment_id)
    state = server.client.video_comments(video_id, 2).paging_state
    server.restart()
    assert comment_ids(server.client.video_comments(video_id).comments) == ids[::-1]
    assert comment_ids(server.client.user_comments(user_id).comments) == ids[::-1]
    # So does the place in a walk.
    page = server.client.video_comments(video_id, 2, paging_state=state)
    assert comment_ids(page.comments) == ids[2:0:-1]


def test_of_two_comments_with_one_id_at_once_one_wins(server, client):
    """Both lists hold the same comment, and only its writer was told that it is there."""
    video_id = random_id()

    def write(comment_id, user_id):
        try:
            server.client.comment(video_id, user_id, comment_id, f"by {user_id}")
            return True
        except grpc.RpcError as error:
            assert error.code() == StatusCode.ALREADY_EXISTS
            return False

    with ThreadPoolExecutor(8) as pool:
        for number in range(100):
            comment_id, users = timeuuid(NOW + number), [random_id() for _ in range(4)]
            won = list(pool.map(write, [comment_id] * 4, users))
            assert won.count(True) == 1
            winner = users[won.index(True)]
            by_video = client.video_comments(
                video_id, page_size=1, starting_comment_id=comment_id).comments[0]
            assert (by_video.comment_id.value, by_video.user_id.value) == (comment_id, winner)
            for user_id in users:
                assert len(client.user_comments(user_id).comments) == (user_id == winner)


def test_one_comment_sent_several_times_at_once_is_one(launch):
    server = launch(*KEEPING_EVENTS)
    client = server.client
    video_id, user_id = random_id(), random_id()
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            comment_id = timeuuid(NOW + number)
            list(pool.map(lambda _: server.client.comment(video_id, user_id, comment_id), range(8)))
    assert len(client.video_comments(video_id, 1000).comments) == 20
    told = [event.comment_id.value for event in events(server, "UserCommentedOnVideo")
            if event.video_id.value == video_id]
    assert len(told) == 20
