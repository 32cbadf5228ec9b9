"""killrvideo import: the data set's CSV files, and what is wrong in them."""

import errno
import os
import pathlib
import pty
import re
import subprocess

import pytest

from support import dataset
from support.expect import StatusCode, status
from support.ids import random_id, timeuuid
from support.paging import video_ids
from support.program import BAD_ROWS, BAD_USAGE, BINARY, clear_line, environment, run, table

pytestmark = pytest.mark.concurrent

SMALL = pathlib.Path(__file__).parent / "data" / "small"
NOW = 1_700_000_000_000

ADA, BOB, EVE = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}"
                 for digit in "123")
SINTEL, SPRING, COSMOS, MINE = (f"a0000000-0000-4000-8000-00000000000{digit}" for digit in "123f")

TABLES = ["users", "user_credentials", "videos", "user_videos", "latest_videos", "video_ratings",
          "video_ratings_by_user", "video_playback_stats", "comments_by_video", "comments_by_user"]


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("imported") / "data"
    return data_dir, run("import", SMALL, "--data-dir", data_dir)


@pytest.fixture(scope="module")
def listed(imported):
    """All rows of all tables after the import."""
    return {name: table(imported[0], name) for name in TABLES}


@pytest.fixture
def client(launch, directory):
    run("import", SMALL, "--data-dir", directory / "data")
    return launch().client


def test_all_rows_are_there(listed):
    assert {name: len(rows) for name, rows in listed.items()} == {
        "users": 3, "user_credentials": 3, "videos": 4, "user_videos": 4, "latest_videos": 4,
        "video_ratings": 2, "video_ratings_by_user": 3, "video_playback_stats": 3,
        "comments_by_video": 3, "comments_by_user": 3}


def test_totals_are_printed_at_the_end(imported):
    output = imported[1].stdout + imported[1].stderr
    for name, count in (("users", 3), ("videos", 4), ("video_ratings_by_user", 3)):
        assert re.search(rf"\b{name}\b.*\b{count}\b", output), output


def test_a_terminal_is_shown_how_far_it_is(directory):
    controller, terminal = pty.openpty()
    with subprocess.Popen([BINARY, "import", SMALL, "--data-dir", directory / "data"],
                          env=environment(), stdout=subprocess.DEVNULL, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        try:
            while data := os.read(controller, 65536):
                shown += data
        except OSError as error:  # what Linux answers when nobody has the terminal any more
            assert error.errno == errno.EIO
        finally:
            os.close(controller)
    assert process.returncode == 0
    for name in ("users", "videos", "video_playback_stats"):
        bars = re.findall(rf"\r{name}\S* +\[(=*) *\] +(\d+)%", shown.decode())
        assert bars[-1] == ("=" * 32, "100")
    assert shown.endswith(b"\n")


def test_nobody_is_shown_bars_who_has_no_terminal(imported):
    assert "[" not in imported[1].stderr and "\r" not in imported[1].stderr


def test_importing_again_changes_nothing(directory, listed):
    for _ in range(2):
        run("import", SMALL, "--data-dir", directory / "data")
    assert {name: table(directory / "data", name) for name in TABLES} == listed


def test_no_events_are_made(imported):
    """Imported rows are no news: they were told of when they were written."""
    assert table(imported[0], "outbox_events") == []


def test_videos_are_answered(client):
    sintel = client.video(SINTEL)
    assert sintel.description.strip() == (
        'A girl, a dragon.\n\n"Sintel" is an open film.\nSecond, third line')
    assert sorted(sintel.tags) == sorted(["blender", "it's open", "a, comma", "drägon 🐉"])
    assert sintel.user_id.value == ADA
    assert sintel.added_date.ToJsonString() == "2010-09-30T10:00:00Z"
    assert sintel.location == "https://www.youtube.com/embed/eRsGyueVLvQ"
    assert list(client.video(SPRING).tags) == list(client.video(COSMOS).tags) == []
    assert client.video(SPRING).name == 'Spring, "the" film'
    assert client.video(SPRING).added_date.ToMilliseconds() % 1000 == 250


def test_the_location_decides_the_type(client):
    """The data set calls YouTube 1, the contract calls it 0."""
    types = [client.video(video_id).location_type for video_id in (SINTEL, SPRING, COSMOS, MINE)]
    assert types == [0, 0, 0, 1]


def test_every_video_is_in_the_listings(client):
    assert video_ids(client.latest().video_previews) == [MINE, SPRING, COSMOS, SINTEL]
    assert video_ids(client.user_videos(ADA).video_previews) == [SPRING, SINTEL]
    preview = client.latest().video_previews[-1]
    assert preview.preview_image_location == "https://i.ytimg.com/vi/eRsGyueVLvQ/maxresdefault.jpg"


def test_comments_are_answered_both_ways(client):
    rows = client.video_comments(SINTEL).comments
    assert [row.comment for row in rows] == ['Two\nlines, and a "quote"', "Great film!"]
    assert [row.user_id.value for row in rows] == [EVE, BOB]
    rows = client.user_comments(BOB).comments
    assert [row.comment for row in rows] == ["Great film!", "Schön 🐉"]


def test_counters_are_totals_from_which_counting_goes_on(client):
    assert client.rating(SINTEL) == (2, 9)
    assert client.plays(SINTEL, SPRING, COSMOS) == {SINTEL: 2689, SPRING: 0, COSMOS: 12}
    client.play(SINTEL)
    assert client.plays(SINTEL) == {SINTEL: 2690}
    assert client.user_rating(SINTEL, BOB) == 4
    client.rate(SINTEL, BOB, 1)
    assert client.rating(SINTEL) == (2, 6)
    client.rate(SINTEL, EVE, 5)
    assert client.rating(SINTEL) == (3, 11)


def test_counters_are_set_back_to_the_totals_by_another_import(launch, directory):
    run("import", SMALL, "--data-dir", directory / "data")
    server = launch()
    server.client.play(SINTEL)
    server.client.play(SPRING)
    server.stop()
    run("import", SMALL, "--data-dir", directory / "data")
    server.start()
    assert server.client.plays(SINTEL, SPRING) == {SINTEL: 2689, SPRING: 0}


def test_accounts_are_taken_but_nobody_knows_their_passwords(client):
    assert [profile.email for profile in client.profiles(BOB)] == ["Bob@Example.org"]
    for email in ("ada@example.org", "bob@example.org", "eve@example.net"):
        with status(StatusCode.UNAUTHENTICATED) as seen:
            client.verify(email, "password")
        with status(StatusCode.ALREADY_EXISTS):
            client.create_user(random_id(), email)
    with status(StatusCode.UNAUTHENTICATED) as unknown:
        client.verify("nobody@example.org", "password")
    assert seen.details == unknown.details
    # The stored digest is no password either.
    with status(StatusCode.UNAUTHENTICATED):
        client.verify("ada@example.org",
                      "ceaff6348269e17def2e71a64632d91c8c24c02deb58540bf9e307b75156589d")


def bad_rows():
    """Rows that must be left out: (file, row, the word that the reason must hold)."""
    user = {"userid": random_id(), "created_date": "2025-01-01T00:00:00.000Z",
            "email": "new@example.org", "firstname": "New", "lastname": "User"}
    video = dataset.video(random_id(), ADA, NOW)
    comment = {"videoid": SINTEL, "commentid": timeuuid(NOW), "comment": "Hi", "userid": ADA}
    rating = {"videoid": SINTEL, "userid": EVE, "rating": "5",
              "rating_date": "2025-01-01T00:00:00.000Z"}
    return [
        ("users", {**user, "userid": "12345"}, "userid"),
        ("users", {**user, "created_date": "yesterday"}, "created_date"),
        ("users", {**user, "email": ""}, "email"),
        ("videos", {**video, "videoid": video["videoid"][:-1]}, "videoid"),
        ("videos", {**video, "added_date": "2025-02-30 00:00:00.000+0000"}, "added_date"),
        ("videos", {**video, "added_date": ""}, "added_date"),
        ("videos", {**video, "tags": "{'one', "}, "tags"),
        ("videos", {**video, "userid": "somebody"}, "userid"),
        ("comments", {**comment, "commentid": random_id()}, "commentid"),
        ("comments", {**comment, "userid": ""}, "userid"),
        ("video_ratings_by_user", {**rating, "rating": "6"}, "rating"),
        ("video_ratings_by_user", {**rating, "rating": "five"}, "rating"),
        ("video_ratings_by_user", {**rating, "rating": "4.5"}, "rating"),
        ("video_ratings", {"videoid": SINTEL, "rating_counter": "2", "rating_total": "x"},
         "rating_total"),
        ("video_playback_stats", {"videoid": SINTEL, "views": "many"}, "views"),
        ("video_playback_stats", {"videoid": SINTEL, "views": "99999999999999999999"}, "views"),
    ]


@pytest.mark.parametrize("name, row, word", bad_rows(),
                         ids=[f"{name}-{word}-{n}" for n, (name, _, word) in enumerate(bad_rows())])
def test_a_bad_row_is_told_with_file_line_and_reason_and_the_rest_goes_in(
        directory, name, row, word):
    good_video = dataset.video(random_id(), ADA, NOW, description="line 1\nline 2\n\nline 4")
    good = {"users": {"userid": random_id(), "created_date": "2025-01-01T00:00:00.000Z",
                      "email": "good@example.org", "firstname": "Good", "lastname": "User"},
            "videos": good_video,
            "comments": {"videoid": SINTEL, "commentid": timeuuid(NOW), "userid": ADA,
                         "comment": "two\nlines"},
            "video_ratings_by_user": {"videoid": SPRING, "userid": ADA, "rating": "5",
                                      "rating_date": "2025-01-01T00:00:00.000Z"},
            "video_ratings": {"videoid": SPRING, "rating_counter": "1", "rating_total": "5"},
            "video_playback_stats": {"videoid": SPRING, "views": "3"}}[name]
    after = {**good}
    for column in ("videoid", "userid"):
        if column in after and name != "comments":
            after[column] = random_id()
    if name == "users":
        after["email"] = "other@example.org"
    if name == "comments":
        after["commentid"] = timeuuid(NOW + 1)
    dataset.write(directory / "csv", **{name: [good, row, after]})
    # Good rows of several lines come first, so that lines and rows are not the same.
    line = 3 + sum(str(value).count("\n") for value in good.values())
    done = run("import", directory / "csv", "--data-dir", directory / "data", code=BAD_ROWS)
    reported, = re.findall(rf"^.*{name}\.csv:{line}:.*$", done.stderr, re.M)
    assert word in reported
    stored = {"comments": "comments_by_video"}.get(name, name)
    assert len(table(directory / "data", stored)) == 2


@pytest.mark.parametrize("text, line", [
    ("aaaa,1\n", 2), (f"{SINTEL}\n", 2), (f"{SINTEL},1,2,3,4,5,6\n", 2),
    (f"{SPRING},1,2,3,4\n{SINTEL},\"1,2,3,4\n", 3),
    (f"{SPRING},1,2,3,4\n\"{SINTEL}\" x,1,2,3,4\n", 3),
    (f"{SPRING},1,2,3,4\n{SINTEL},1,\0,3,4\n\n{COSMOS},x,2,3,4\n", 5)])
def test_rows_that_are_no_proper_csv_are_told(directory, text, line):
    (directory / "csv").mkdir()
    (directory / "csv" / "video_playback_stats.csv").write_text(
        dataset.COLUMNS["video_playback_stats"] + "\n" + text)
    done = run("import", directory / "csv", "--data-dir", directory / "data", code=BAD_ROWS)
    assert f"video_playback_stats.csv:{line}:" in done.stderr


def test_invalid_utf8_is_a_bad_row(directory):
    dataset.write(directory / "csv", videos=[
        dataset.video(random_id(), ADA, NOW - n, name=name)
        for n, name in enumerate(("first", "b<d", "last"))])
    path = directory / "csv" / "videos.csv"
    path.write_bytes(path.read_bytes().replace(b"b<d", b"b\xe4d"))
    done = run("import", directory / "csv", "--data-dir", directory / "data", code=BAD_ROWS)
    assert re.search(r"videos\.csv:3:.*name", done.stderr)
    for name in ("videos", "latest_videos", "user_videos"):
        assert {row["name"] for row in table(directory / "data", name)} == {"first", "last"}


def test_other_line_ends_column_orders_and_a_byte_order_mark_are_taken(directory):
    (directory / "csv").mkdir()
    (directory / "csv" / "video_playback_stats.csv").write_bytes(
        f"\ufeffviews,extra,videoid\r\n7,what,{SINTEL}\r\n8,\"a\r\nb\",{SPRING}".encode())
    run("import", directory / "csv", "--data-dir", directory / "data")
    rows = table(directory / "data", "video_playback_stats")
    assert {row["videoid"]: row["views"] for row in rows} == {SINTEL: 7, SPRING: 8}


def test_a_missing_column_is_named(directory):
    (directory / "csv").mkdir()
    (directory / "csv" / "video_playback_stats.csv").write_text(f"videoid,plays\n{SINTEL},7\n")
    done = run("import", directory / "csv", "--data-dir", directory / "data", code=BAD_ROWS)
    assert re.search(r"video_playback_stats\.csv:1:.*views", done.stderr)
    assert table(directory / "data", "video_playback_stats") == []


@pytest.mark.parametrize("what", ["missing", "file", "empty"])
def test_a_source_without_data_is_an_error(directory, what):
    (directory / "file").write_text("x")
    (directory / "empty").mkdir()
    done = run("import", directory / what, "--data-dir", directory / "data", code=BAD_USAGE)
    assert what in clear_line(done.stderr)
    assert not (directory / "data").exists()
