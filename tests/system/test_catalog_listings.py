"""The catalog's listings: the latest videos over all days, and those of a user."""

import random
import uuid

import pytest

from support import dataset
from support.ids import random_id, timeuuid, uuid_order
from support.paging import latest_videos, video_ids, videos_of_user, walk
from support.program import run

EVERY_ENGINE = True

DAY = 86_400_000
NEWEST = 1_700_000_000_000  # In November 2023.

# Ages of the videos in days: several a day, empty days, empty years, the far past.
AGES = [0, 0, 0, 1, 1, 2, 9, 9, 10, 40, 365, 366, 1500, 1500, 4000, 4001, 8000, 14000]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    """A data set of videos over 40 years, its rows newest first, and their users."""
    seed = random.Random(3)
    users = [str(uuid.UUID(int=seed.getrandbits(128), version=4)) for _ in range(3)]
    rows = []
    for age in AGES:
        added = NEWEST - age * DAY - seed.randrange(DAY // 4)
        rows.append((added, str(uuid.UUID(int=seed.getrandbits(128), version=4))))
    # Equal times: by id, where version 1 comes before version 4 and sorts by its time.
    equal = NEWEST - 2 * DAY
    rows += [(equal, str(uuid.UUID(int=seed.getrandbits(128), version=4))) for _ in range(5)]
    rows += [(equal, timeuuid(equal + ticks, node=seed.getrandbits(47)))
             for ticks in (0, 700_000_000, 5, -700_000_000_000)]
    # Days end at midnight UTC.
    midnight = NEWEST // DAY * DAY
    rows += [(midnight, random_id()), (midnight - 1, random_id()), (midnight + 1, random_id())]
    rows.sort(key=lambda row: (-row[0], uuid_order(row[1])))

    videos = [dataset.video(video_id, users[index % 3], added, name=f"Number {index}")
              for index, (added, video_id) in enumerate(rows)]
    source = tmp_path_factory.mktemp("catalog")
    dataset.write(source / "csv", videos=videos,
                  latest_videos=[dataset.latest(video) for video in videos])
    return source, rows, users


@pytest.fixture
def listed(catalog, engine, shared_servers):
    source, rows, users = catalog
    return shared_servers("catalog", engine, source / "csv").client, rows, users


def keys(previews):
    return [(row.added_date.ToMilliseconds(), row.video_id.value) for row in previews]


def test_latest_lists_all_days_newest_first(listed):
    client, rows, _ = listed
    response = client.latest(1000)
    assert keys(response.video_previews) == rows
    assert response.paging_state == ""
    first = response.video_previews[0]
    assert first.name == "Number 0"
    assert first.preview_image_location.endswith("dQw4w9WgXcQ/hqdefault.jpg")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 29, 30, 31])
def test_latest_pages_run_on_to_the_oldest_video(listed, size):
    client, rows, _ = listed
    assert keys(walk(latest_videos(client), [size])) == rows


def test_a_page_is_full_as_long_as_there_are_rows(listed):
    client, rows, _ = listed
    for size in range(1, len(rows) + 1):
        response = client.latest(size)
        assert len(response.video_previews) == size
        assert bool(response.paging_state) == (size < len(rows))


def test_latest_starts_at_any_video_and_includes_it(listed):
    client, rows, _ = listed
    for index, (added, video_id) in enumerate(rows):
        start = {"starting_added_date": added, "starting_video_id": video_id}
        assert keys(client.latest(1000, **start).video_previews) == rows[index:]
        assert keys(walk(latest_videos(client), [4], **start)) == rows[index:]


def starts_with(client, rows, added, video_id):
    """Whether the listing from this point on, where no video is, holds what comes after it."""
    response = client.latest(1000, starting_added_date=added, starting_video_id=video_id)
    return keys(response.video_previews) == [
        row for row in rows if row[0] < added or
        row[0] == added and uuid_order(row[1]) >= uuid_order(video_id)]


def test_latest_starts_between_videos(listed):
    client, rows, _ = listed
    for added in [rows[0][0] + 40 * DAY, *(row[0] + 1 for row in rows),
                  rows[-3][0] + 500 * DAY, 0, rows[-1][0] - 1, -DAY * 1000]:
        assert starts_with(client, rows, added, random_id())


def test_among_equal_times_the_id_decides_where_it_starts(listed):
    client, rows, _ = listed
    added = NEWEST - 2 * DAY
    assert len([row for row in rows if row[0] == added]) == 9
    for _ in range(20):
        assert starts_with(client, rows, added, random_id())


def test_a_users_videos_are_listed_newest_first(listed):
    client, rows, users = listed
    for number, user_id in enumerate(users):
        expected = rows[number::3]
        response = client.user_videos(user_id, 1000)
        assert response.user_id.value == user_id
        assert keys(response.video_previews) == expected
        assert {row.user_id.value for row in response.video_previews} == {user_id}
        for size in (1, 2, 5, len(expected)):
            assert keys(walk(videos_of_user(client, user_id), [size])) == expected


def test_a_users_videos_start_at_any_video_and_include_it(listed):
    client, rows, users = listed
    expected = rows[1::3]
    for index, (added, video_id) in enumerate(expected):
        start = {"starting_added_date": added, "starting_video_id": video_id}
        assert keys(client.user_videos(users[1], 1000, **start).video_previews) == expected[index:]
        assert keys(walk(videos_of_user(client, users[1]), [2], **start)) == expected[index:]
    start = {"starting_added_date": expected[3][0] + 1, "starting_video_id": random_id()}
    assert keys(client.user_videos(users[1], 1000, **start).video_previews) == expected[3:]


def test_a_new_video_is_the_first_of_all(catalog, launch, directory, engine):
    source, rows, users = catalog
    run("import", source / "csv", "--data-dir", directory / "data",
        *engine.flags(directory / "data"))
    client = launch(data_dir=directory / "data").client
    video_id = random_id()
    client.submit(video_id, users[0])
    assert video_ids(client.latest(1000).video_previews) == [video_id] + [row[1] for row in rows]
    assert video_ids(client.user_videos(users[0], 1).video_previews) == [video_id]


def test_a_user_without_videos_has_an_empty_listing(client):
    response = client.user_videos(random_id())
    assert list(response.video_previews) == []
    assert response.paging_state == ""


def test_an_empty_catalog_has_an_empty_listing(launch):
    response = launch().client.latest()
    assert list(response.video_previews) == []
    assert response.paging_state == ""
