"""Ratings: one of each user for a video, and the totals over them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support.ids import random_id

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True


def test_without_ratings_everything_is_zero(client):
    assert client.rating(random_id()) == (0, 0)
    assert client.user_rating(random_id(), random_id()) == 0


def test_answers_hold_the_ids_asked_for_in_lower_case(client):
    video_id, user_id = random_id(), random_id()
    assert client.call("GetRating", video_id=video_id.upper()).video_id.value == video_id
    response = client.call("GetUserRating", video_id=video_id.upper(), user_id=user_id.upper())
    assert (response.video_id.value, response.user_id.value) == (video_id, user_id)


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_a_rating_counts(client, stars):
    video_id, user_id = random_id(), random_id()
    client.rate(video_id.upper(), user_id.upper(), stars)
    assert client.rating(video_id) == (1, stars)
    assert client.user_rating(video_id, user_id) == stars
    assert client.user_rating(video_id, random_id()) == 0
    assert client.user_rating(random_id(), user_id) == 0


def test_ratings_of_many_users_add_up(client):
    video_id = random_id()
    for stars in (5, 4, 4, 1, 3):
        client.rate(video_id, random_id(), stars)
    assert client.rating(video_id) == (5, 17)


def test_rating_again_replaces(client):
    video_id, user_id = random_id(), random_id()
    client.rate(video_id, random_id(), 2)
    for stars in (5, 1, 1, 4, 4, 3):
        client.rate(video_id, user_id, stars)
        assert client.rating(video_id) == (2, 2 + stars)
        assert client.user_rating(video_id, user_id) == stars


def test_ratings_of_one_user_at_once_count_as_one(client):
    video_id, user_id = random_id(), random_id()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: client.rate(video_id, user_id, n % 5 + 1), range(200)))
    assert client.rating(video_id) == (1, client.user_rating(video_id, user_id))


def test_ratings_of_many_users_at_once_are_all_counted(client):
    video_id = random_id()
    users = [random_id() for _ in range(10)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: client.rate(video_id, users[n * 7 % 10], n % 5 + 1), range(200)))
    total = sum(client.user_rating(video_id, user_id) for user_id in users)
    assert client.rating(video_id) == (10, total)


def test_ratings_outlive_a_restart(launch):
    server = launch()
    video_id, users = random_id(), [random_id() for _ in range(3)]
    for stars, user_id in zip((1, 4, 5), users):
        server.client.rate(video_id, user_id, stars)
    server.restart()
    assert server.client.rating(video_id) == (3, 10)
    server.client.rate(video_id, users[0], 5)
    assert server.client.rating(video_id) == (3, 14)


def test_ratings_are_in_their_tables(server, client):
    video_id, user_id = random_id(), random_id()
    client.rate(video_id, user_id, 4)
    mine = [row for row in server.table("video_ratings_by_user") if row["videoid"] == video_id]
    assert [(row["userid"], row["rating"]) for row in mine] == [(user_id, 4)]
    totals = [row for row in server.table("video_ratings") if row["videoid"] == video_id]
    assert [(row["rating_counter"], row["rating_total"]) for row in totals] == [(1, 4)]
