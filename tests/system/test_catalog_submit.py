"""The catalog: submitting videos, and looking at single ones."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.expect import StatusCode, invalid, status
from support.ids import random_id

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True

ID = "dQw4w9WgXcQ"


def milliseconds(timestamp):
    assert timestamp.nanos % 1_000_000 == 0, "times have millisecond precision"
    return timestamp.ToMilliseconds()


def test_a_submitted_video_is_answered_as_given(client):
    video_id, user_id = random_id(), random_id()
    before = time.time() * 1000
    client.submit(video_id, user_id, "Sintel 🐉", "A girl\nand a dragon", ["film", "Blender"], ID)
    after = time.time() * 1000
    video = client.video(video_id)
    assert video.video_id.value == video_id
    assert video.user_id.value == user_id
    assert (video.name, video.description) == ("Sintel 🐉", "A girl\nand a dragon")
    assert sorted(video.tags) == ["Blender", "film"]
    assert (video.location, video.location_type) == (ID, 0)
    assert before - 5 <= milliseconds(video.added_date) <= after + 5


def test_ids_are_taken_in_any_case_and_answered_in_lower_case(client):
    video_id, user_id = random_id(), random_id()
    client.submit(video_id.upper(), user_id.upper())
    video = client.video(video_id.upper())
    assert (video.video_id.value, video.user_id.value) == (video_id, user_id)


def test_description_and_tags_may_be_empty(client):
    video_id = random_id()
    client.submit(video_id, random_id(), description="", tags=())
    video = client.video(video_id)
    assert (video.description, list(video.tags)) == ("", [])


def test_tags_are_a_set(client):
    video_id = random_id()
    client.submit(video_id, random_id(), tags=["b", "a", "b", " a "])
    assert sorted(client.video(video_id).tags) == ["a", "b"]


def test_the_video_is_in_all_listings_with_one_date(client):
    video_id, user_id = random_id(), random_id()
    client.submit(video_id, user_id, "Everywhere")
    added = client.video(video_id).added_date
    previews = [
        client.previews(video_id),
        client.user_videos(user_id).video_previews,
        [row for row in client.latest().video_previews if row.video_id.value == video_id],
    ]
    for rows in previews:
        row, = rows
        assert row.video_id.value == video_id
        assert row.user_id.value == user_id
        assert row.name == "Everywhere"
        assert row.added_date == added
        assert row.preview_image_location == f"//img.youtube.com/vi/{ID}/hqdefault.jpg"


# All forms are a table in tests/unit/catalog/youtube_test.cpp.
@pytest.mark.parametrize("location", [
    ID,
    f"https://www.youtube.com/watch?v={ID}&t=42s",
    f"//m.youtube.com/embed/{ID}&rel=0",
    f"youtu.be/{ID}?t=30",
    f"https://www.youtube.com/watch?v={ID}&ab_channel=José|Live [Official] 100%",
    f"\ufeffhttps://youtu.be/{ID}\u200b",
])
def test_any_usual_youtube_address_is_taken_and_answered_as_given(client, location):
    video_id = random_id()
    client.submit(video_id, random_id(), location=f" {location}\n")
    assert client.video(video_id).location == location
    preview, = client.previews(video_id)
    assert preview.preview_image_location == f"//img.youtube.com/vi/{ID}/hqdefault.jpg"


def test_ids_with_dashes_and_underscores_are_ids(client):
    for location in ("-_-_-_-_-_-", "https://youtu.be/_0123456789"):
        video_id = random_id()
        client.submit(video_id, random_id(), location=location)
        assert client.previews(video_id)[0].preview_image_location == (
            f"//img.youtube.com/vi/{location[-11:]}/hqdefault.jpg")


@pytest.mark.parametrize("location", [
    "dQw4w9WgXc",
    "two words and more",
    "https://www.youtube.com/",
    "https://www.youtube.com/watch?v=short",
    f"https://www.youtube.com/channel/{ID}",
    f"https://youtube.com.example.org/watch?v={ID}",
    f"https://user@youtu.be/{ID}",
    f"javascript:alert('{ID}')",
])
def test_what_is_no_youtube_video_is_refused(client, location):
    video_id, user_id = random_id(), random_id()
    with invalid("you_tube_video_id"):
        client.submit(video_id, user_id, location=location)
    with status(StatusCode.NOT_FOUND):
        client.video(video_id)
    assert list(client.user_videos(user_id).video_previews) == []


def test_the_same_submission_again_is_a_no_op(server, client):
    video_id, user_id = random_id(), random_id()
    client.submit(video_id, user_id, tags=["one", "two"])
    first = client.video(video_id)
    client.submit(video_id, user_id, tags=["one", "two"])
    client.submit(video_id.upper(), user_id, tags=["two", "one", "two"])
    assert client.video(video_id) == first
    assert len(client.user_videos(user_id).video_previews) == 1
    for table in ("videos", "latest_videos", "user_videos"):
        assert [row["videoid"] for row in server.table(table)].count(video_id) == 1


@pytest.mark.parametrize("other", [
    {"name": "Another name"},
    {"description": "Another description"},
    {"description": ""},
    {"tags": ["one"]},
    {"tags": ["one", "two", "three"]},
    {"location": "aqz-KE-bpKQ"},
    {"location": f"https://youtu.be/{ID}"},
])
def test_the_same_id_with_other_content_is_refused(client, other):
    video_id, user_id = random_id(), random_id()
    client.submit(video_id, user_id)
    first = client.video(video_id)
    with status(StatusCode.ALREADY_EXISTS):
        client.submit(video_id, user_id, **other)
    assert client.video(video_id) == first
    assert len(client.user_videos(user_id).video_previews) == 1


def test_the_same_id_from_another_user_is_refused(client):
    video_id, user_id, other = random_id(), random_id(), random_id()
    client.submit(video_id, user_id)
    with status(StatusCode.ALREADY_EXISTS):
        client.submit(video_id, other)
    assert client.video(video_id).user_id.value == user_id
    assert list(client.user_videos(other).video_previews) == []


def test_of_different_submissions_of_one_id_at_once_exactly_one_wins(client):
    for _ in range(20):
        video_id, users = random_id(), [random_id() for _ in range(4)]

        def submit(user_id):
            try:
                client.submit(video_id, user_id, name=f"by {user_id}")
                return True
            except Exception as error:
                assert error.code() == StatusCode.ALREADY_EXISTS
                return False

        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(submit, users))
        assert results.count(True) == 1
        winner = users[results.index(True)]
        assert client.video(video_id).user_id.value == winner
        listed = [bool(client.user_videos(user_id).video_previews) for user_id in users]
        assert listed == results


def test_the_same_submission_many_times_at_once_is_stored_once(client):
    video_id, user_id = random_id(), random_id()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.submit(video_id, user_id), range(16)))
    assert len(client.user_videos(user_id).video_previews) == 1


def test_no_two_videos_get_the_same_date(client):
    user_id = random_id()
    one_by_one = [random_id() for _ in range(20)]
    for video_id in one_by_one:
        client.submit(video_id, user_id)
    dates = [milliseconds(client.video(video_id).added_date) for video_id in one_by_one]
    assert all(earlier < later for earlier, later in zip(dates, dates[1:]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.submit(random_id(), user_id), range(100)))
    listed = [milliseconds(row.added_date)
              for row in client.user_videos(user_id, 1000).video_previews]
    assert len(set(listed)) == len(listed) == 120
    assert listed == sorted(listed, reverse=True)


def test_an_unknown_video_is_not_found(client):
    with status(StatusCode.NOT_FOUND):
        client.video(random_id())


def test_previews_come_in_the_order_asked_each_once_without_unknown_ones(client):
    known = [random_id() for _ in range(4)]
    for video_id in known:
        client.submit(video_id, random_id(), name=video_id)
    asked = [known[3], known[1], random_id(), known[3].upper(), known[0], known[1]]
    assert [row.name for row in client.previews(*asked)] == [known[3], known[1], known[0]]
    assert list(client.previews(random_id())) == []


def test_a_hundred_ids_are_taken(client):
    video_id = random_id()
    client.submit(video_id, random_id())
    row, = client.previews(*[random_id() for _ in range(99)], video_id)
    assert row.video_id.value == video_id


def test_uploaded_videos_are_not_offered_yet(client):
    with status(StatusCode.UNIMPLEMENTED):
        client.call("SubmitUploadedVideo", video_id=random_id(), user_id=random_id(), name="Mine",
                    description="", tags=[], upload_url="https://example.org/upload/1")
