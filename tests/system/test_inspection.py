"""Looking at what is stored: killrvideo table and killrvideo schema."""

import json
import re
import subprocess

import pytest

from support.ids import random_id, timeuuid
from support.program import BAD_DATA_DIR, BAD_USAGE, BINARY, clear_line, environment, run, tables

NOW = 1_700_000_000_000

# The contract's tables that this program keeps: columns, partition key, clustering key.
TABLES = {
    "users": ("userid uuid, firstname text, lastname text, email text, created_date timestamp, "
              "account_status text, last_login_date timestamp", "userid", ""),
    "user_credentials": ("email text, password text, userid uuid, account_locked boolean",
                         "email", ""),
    "videos": ("videoid uuid, userid uuid, name text, description text, location text, "
               "location_type int, preview_image_location text, tags set<text>, "
               "added_date timestamp, content_rating text, category text, language text, "
               "content_features vector<float, 384>", "videoid", ""),
    "user_videos": ("userid uuid, added_date timestamp, videoid uuid, name text, "
                    "preview_image_location text", "userid", "added_date DESC, videoid ASC"),
    "latest_videos": ("yyyymmdd text, added_date timestamp, videoid uuid, userid uuid, name text, "
                      "preview_image_location text", "yyyymmdd", "added_date DESC, videoid ASC"),
    "video_ratings": ("videoid uuid, rating_counter counter, rating_total counter", "videoid", ""),
    "video_ratings_by_user": ("videoid uuid, userid uuid, rating int, rating_date timestamp",
                              "videoid", "userid ASC"),
    "video_playback_stats": ("videoid uuid, views counter", "videoid", ""),
    "comments_by_video": ("videoid uuid, commentid timeuuid, userid uuid, comment text, "
                          "sentiment_score float", "videoid", "commentid DESC"),
    "comments_by_user": ("userid uuid, commentid timeuuid, videoid uuid, comment text, "
                         "sentiment_score float", "userid", "commentid DESC"),
}


def columns(name):
    """Names and types of a table's columns."""
    return dict(column.split(" ", 1) for column in re.split(r", (?=\w+ )", TABLES[name][0]))


@pytest.fixture
def filled(launch):
    """A running server with a row in each table, and the ids of those."""
    server = launch()
    video_id, user_id = random_id(), random_id()
    server.client.create_user(user_id, "ada@example.org", first_name="Åda")
    server.client.submit(video_id, user_id, "Sintel \"🐉\"\n", "", ["b", "a"], "dQw4w9WgXcQ")
    server.client.comment(video_id, user_id, timeuuid(NOW), "Line\nbreak")
    server.client.rate(video_id, user_id, 4)
    server.client.play(video_id)
    return server, video_id, user_id


def test_all_tables_are_listed(filled):
    assert set(TABLES) | {"outbox_events"} <= set(tables(filled[0].data_dir))


@pytest.mark.parametrize("running", [True, False])
def test_rows_are_json_lines_with_the_contracts_columns(filled, running):
    server, video_id, user_id = filled
    if not running:
        server.stop()
    for name in TABLES:
        row, = server.table(name)
        assert set(columns(name)) == set(row), name
        assert row.get("videoid", video_id) == video_id
        assert row.get("userid", user_id) == user_id


def test_values_are_what_was_written(filled):
    server, video_id, user_id = filled
    video, = server.table("videos")
    added = server.client.video(video_id).added_date
    assert (video["name"], video["location"], video["location_type"]) == (
        'Sintel "🐉"', "dQw4w9WgXcQ", 0)
    assert video["tags"] == ["a", "b"]
    assert video["description"] in ("", None)
    assert video["category"] is None
    assert video["preview_image_location"] == "//img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg"
    latest, = server.table("latest_videos")
    day = added.ToJsonString()[:10]
    assert latest["yyyymmdd"] == day.replace("-", "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}(Z|\+0000)", latest["added_date"])
    assert latest["added_date"] == video["added_date"]
    comment, = server.table("comments_by_user")
    assert comment["comment"] == "Line\nbreak"
    assert comment["commentid"] == timeuuid(NOW)
    assert server.table("video_ratings") == [
        {"videoid": video_id, "rating_counter": 1, "rating_total": 4}]
    assert server.table("video_playback_stats") == [{"videoid": video_id, "views": 1}]


def test_the_number_of_rows_can_be_limited(launch):
    server = launch()
    for _ in range(5):
        server.client.play(random_id())
    for limit, count in ((1, 1), (3, 3), (5, 5), (100, 5)):
        out = run("table", "video_playback_stats", "--limit", limit,
                  "--data-dir", server.data_dir).stdout
        assert len(out.splitlines()) == count


def test_a_partition_can_be_picked(launch):
    server = launch()
    videos = [random_id() for _ in range(3)]
    for n, video_id in enumerate(videos * 4):
        server.client.comment(video_id, random_id(), timeuuid(NOW + n))
    out = run("table", "comments_by_video", "--key", videos[1],
              "--data-dir", server.data_dir).stdout
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["videoid"] for row in rows] == [videos[1]] * 4
    times = [row["commentid"] for row in rows]
    assert times == [timeuuid(NOW + n) for n in (10, 7, 4, 1)]
    assert run("table", "comments_by_video", "--key", random_id(),
               "--data-dir", server.data_dir).stdout == ""
    done = run("table", "comments_by_video", "--key", "no-uuid", "--data-dir", server.data_dir,
               code=BAD_USAGE)
    assert "no-uuid" in clear_line(done.stderr)


def test_looking_does_not_disturb_the_server(filled):
    server, video_id, _ = filled
    for _ in range(5):
        server.client.play(video_id)
        server.table("videos")
    assert server.client.plays(video_id) == {video_id: 6}
    server.restart()
    assert server.client.plays(video_id) == {video_id: 6}


def test_what_was_acknowledged_is_seen_at_once(launch):
    server = launch()
    for n in range(5):
        video_id = random_id()
        server.client.play(video_id)
        assert len(server.table("video_playback_stats")) == n + 1


def test_an_unknown_table_is_named(filled):
    done = run("table", "vidoes", "--data-dir", filled[0].data_dir, code=BAD_USAGE)
    assert "vidoes" in clear_line(done.stderr)


def test_without_data_there_is_nothing_to_look_at(directory):
    done = run("table", "videos", "--data-dir", directory / "data", code=BAD_DATA_DIR)
    assert str(directory / "data") in clear_line(done.stderr)
    assert not (directory / "data").exists()


def test_output_may_be_cut_off_by_who_reads_it(directory):
    run("generate", "--users", 5, "--videos", 2000, "--data-dir", directory / "data")
    done = subprocess.run(
        ["bash", "-c", '"$0" table videos --data-dir "$1" | head -n 1', BINARY, directory / "data"],
        env=environment(), text=True, capture_output=True)
    assert json.loads(done.stdout)["videoid"]
    assert done.stderr == ""


def create_statements():
    text = re.sub(r"--[^\n]*", "", run("schema").stdout)
    found = re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(?:\w+\.)?(\w+)\s*"
                       r"\((.*?)\)\s*(WITH [^;]*)?;", text, re.S)
    return {name: (re.sub(r"\s+", " ", body).strip(), re.sub(r"\s+", " ", options))
            for name, body, options in found}


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_is_the_contracts_in_cql(name):
    body, options = create_statements()[name]
    _, partition, clustering = TABLES[name]
    for column, cql_type in columns(name).items():
        assert re.search(rf"\b{column} {re.escape(cql_type)}[ ,)]", body + ","), (column, body)
    key = [partition] + [part.split()[0] for part in clustering.split(", ") if part]
    flat = re.sub(r"[()]", "", body)
    if len(key) == 1:
        assert re.search(rf"PRIMARY KEY {partition}\b|\b{partition} \w+ PRIMARY KEY", flat)
    else:
        assert f"PRIMARY KEY {', '.join(key)}" in flat
    if "DESC" in clustering:
        order = f"CLUSTERING ORDER BY ({clustering})"
        assert order.replace(" ", "") in options.replace(" ", "")
