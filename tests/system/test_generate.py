"""killrvideo generate: a catalog of a given size, the same for the same seed."""

import collections

import pytest

from support.paging import latest_videos, video_ids, walk
from support.program import run, table, tables

SIZES = {"users": 30, "videos": 200, "comments": 1000, "ratings": 600, "plays": 5000}


def generate(data_dir, seed=7, **sizes):
    flags = [text for name, size in {**SIZES, **sizes}.items() for text in (f"--{name}", str(size))]
    run("generate", *flags, "--seed", seed, "--data-dir", data_dir)
    return data_dir


def everything(data_dir):
    """All rows, but for which search index is active, as each one that is built has an id, and when
    the recommendations were made."""
    return {name: table(data_dir, name) for name in tables(data_dir)
            if name not in ("search_active_indexes", "suggestions_epoch")}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("generated") / "data")


@pytest.fixture(scope="module")
def rows(data_dir):
    return everything(data_dir)


def test_the_sizes_are_as_asked(rows):
    assert len(rows["users"]) == len(rows["user_credentials"]) == SIZES["users"]
    assert len(rows["videos"]) == len(rows["latest_videos"]) == SIZES["videos"]
    assert len(rows["user_videos"]) == SIZES["videos"]
    assert len(rows["comments_by_video"]) == len(rows["comments_by_user"]) == SIZES["comments"]
    assert len(rows["video_ratings_by_user"]) == SIZES["ratings"]
    assert sum(row["views"] for row in rows["video_playback_stats"]) == SIZES["plays"]


def test_the_same_seed_gives_the_same_data(rows, directory):
    again = everything(generate(directory / "again"))
    assert again == rows


def test_what_is_generated_is_in_few_files(rows, directory):
    """So that reading a row looks into one: one for rows, one for counters, one for the catalog."""
    generate(generate(directory / "data"))
    assert len(list((directory / "data" / "store").glob("*.sst"))) <= 3


def test_another_seed_gives_other_data(rows, directory):
    other = everything(generate(directory / "other", seed=8))
    for name in ("users", "videos", "comments_by_video", "video_ratings_by_user"):
        assert len(other[name]) == len(rows[name])
        assert other[name] != rows[name]


def test_all_tables_agree(rows):
    users = {row["userid"] for row in rows["users"]}
    videos = {row["videoid"]: row for row in rows["videos"]}
    assert {row["userid"] for row in rows["videos"]} <= users
    for name in ("latest_videos", "user_videos"):
        for row in rows[name]:
            video = videos[row["videoid"]]
            assert all(row[column] == video[column] for column in
                       ("userid", "name", "added_date", "preview_image_location"))
    comments = [{(row["videoid"], row["userid"], row["commentid"], row["comment"])
                 for row in rows[name]} for name in ("comments_by_video", "comments_by_user")]
    assert comments[0] == comments[1]
    assert {row[0] for row in comments[0]} <= set(videos)
    assert {row[1] for row in comments[0]} <= users
    totals = collections.defaultdict(lambda: [0, 0])
    for row in rows["video_ratings_by_user"]:
        assert row["videoid"] in videos and row["userid"] in users
        assert 1 <= row["rating"] <= 5
        totals[row["videoid"]][0] += 1
        totals[row["videoid"]][1] += row["rating"]
    assert {row["videoid"]: [row["rating_counter"], row["rating_total"]]
            for row in rows["video_ratings"]} == totals


def share_of_top_tenth(counts, population):
    top = sorted(counts.values(), reverse=True)[:population // 10]
    return sum(top) / sum(counts.values())


def test_the_skew_is_that_of_people(rows):
    """A tenth of the videos gets most of the attention, but not all of it."""
    count, plays = SIZES["videos"], {row["videoid"]: row["views"]
                                     for row in rows["video_playback_stats"]}
    assert 0.25 < share_of_top_tenth(plays, count) < 0.95
    comments = collections.Counter(row["videoid"] for row in rows["comments_by_video"])
    assert 0.2 < share_of_top_tenth(comments, count) < 0.95
    assert len(comments) > count / 5
    uploads = collections.Counter(row["userid"] for row in rows["videos"])
    assert max(uploads.values()) >= 2 * SIZES["videos"] / SIZES["users"]
    stars = collections.Counter(row["rating"] for row in rows["video_ratings_by_user"])
    assert set(stars) == {1, 2, 3, 4, 5}
    assert len({row["yyyymmdd"] for row in rows["latest_videos"]}) > 20


def test_names_and_texts_are_worth_looking_at(rows):
    assert len({row["name"] for row in rows["videos"]}) > SIZES["videos"] / 2
    assert len({row["comment"] for row in rows["comments_by_video"]}) > 50
    assert all(row["tags"] for row in rows["videos"])
    assert len({row["email"] for row in rows["users"]}) == SIZES["users"]


def test_the_result_can_be_served(data_dir, rows, launch):
    client = launch(data_dir=data_dir).client
    listed = video_ids(walk(latest_videos(client), [33]))
    assert sorted(listed) == sorted(row["videoid"] for row in rows["videos"])
    for video_id in listed[:20]:
        video = client.video(video_id)
        assert video.location_type == 0
        profile, = client.profiles(video.user_id.value)
        assert profile.email


@pytest.mark.parametrize("sizes", [
    {"users": 1, "videos": 1, "comments": 5, "ratings": 1, "plays": 0},
    {"users": 3, "videos": 0, "comments": 0, "ratings": 0, "plays": 0}])
def test_small_sizes_work(directory, sizes):
    made = everything(generate(directory / "data", **sizes))
    assert len(made["users"]) == sizes["users"]
    assert len(made["videos"]) == sizes["videos"]
    assert len(made["video_ratings_by_user"]) == sizes["ratings"]
    assert len(made["comments_by_user"]) == sizes["comments"]


@pytest.mark.parametrize("sizes", [{"users": 0, "videos": 5}, {"videos": 0, "comments": 5},
                                   {"users": 2, "videos": 2, "ratings": 5}])
def test_sizes_that_cannot_be_are_an_error(directory, sizes):
    """Videos need users, comments need videos, and a user rates a video once."""
    full = {**dict.fromkeys(SIZES, 0), **sizes}
    flags = [text for name, size in full.items() for text in (f"--{name}", str(size))]
    done = run("generate", *flags, "--data-dir", directory / "data", code=2)
    assert "--" in done.stderr


def test_another_run_adds_nothing_new_for_the_same_seed(rows, directory):
    generate(directory / "data")
    assert everything(generate(directory / "data")) == rows
