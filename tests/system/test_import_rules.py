"""killrvideo import: what is in the store already, and what belongs together."""

import pytest

from support import dataset
from support.expect import StatusCode, status
from support.ids import random_id, timeuuid
from support.imports import Numbers, numbers
from support.program import BAD_ROWS, OK, run, table

EVERY_ENGINE = True

# Each import on Cassandra rebuilds all recommendations.
pytestmark = [pytest.mark.concurrent, pytest.mark.timeout(300)]

NOW = 1_700_000_000_000
DAY = 86_400_000
USER_VIDEOS = ("userid", "added_date", "videoid", "name", "preview_image_location")


class Store:
    """A store that is filled by imports."""

    def __init__(self, engine, directory):
        self.data_dir = directory / "data"
        self._engine = engine
        self._csv = directory / "csv"

    @property
    def _flags(self):
        return self._engine.flags(self.data_dir)

    def load(self, code=OK, **tables):
        for path in self._csv.glob("*"):
            path.unlink()
        dataset.write(self._csv, **tables)
        return run("import", self._csv, "--data-dir", self.data_dir, *self._flags, code=code,
                   limit=200)

    def rows(self, name, **columns):
        """Those with these values."""
        return [row for row in table(self.data_dir, name, *self._flags)
                if columns.items() <= row.items()]

    def drop(self):
        self._engine.drop(self.data_dir)


@pytest.fixture(scope="module")
def store(engine, tmp_path_factory):
    """One that the tests of a module share: each uses ids of its own."""
    store = Store(engine, tmp_path_factory.mktemp("rules"))
    yield store
    store.drop()


def address():
    return f"ada-{random_id()}@example.org"


def user(user_id, email, **others):
    return {"userid": user_id, "created_date": "2025-01-01T00:00:00.000Z", "email": email,
            "firstname": "Ada", "lastname": "Lovelace", **others}


def credentials(email, user_id, password="5f4dcc3b5aa765d61d8327deb882cf99"):
    return {"email": email, "password": password, "userid": user_id}


def entries(store, video_id):
    """Where a video stands: its dates and users in each table."""
    return {name: [(row["added_date"], row["userid"]) for row in store.rows(name, videoid=video_id)]
            for name in ("videos", "latest_videos", "user_videos")}


def test_texts_are_trimmed_and_emails_folded_as_calls_do(store):
    user_id, email = random_id(), address()
    done = store.load(
        users=[user(user_id, f" {email.upper()}\t", firstname=" Ada ", lastname="\u00a0Ōe")],
        user_credentials=[credentials(f" {email.title()} ", user_id)])
    assert numbers(done, "users").taken == numbers(done, "user_credentials").taken == 1
    row, = store.rows("users", userid=user_id)
    assert (row["firstname"], row["lastname"], row["email"]) == ("Ada", "Ōe", email.upper())
    row, = store.rows("user_credentials", userid=user_id)
    assert row["email"] == email


# Rows of users of which all but the first are refused: their e-mails and who has them.
TAKEN = {
    "in one file": lambda email: {"users": [(1, email), (2, email)]},
    "in another case": lambda email: {"users": [(1, email), (2, f" {email.upper()}")]},
    "in the credentials": lambda email: {"user_credentials": [(1, email), (2, email.upper())]},
    "by a user without credentials": lambda email: {"users": [(1, email)],
                                                    "user_credentials": [(2, email)]},
}


@pytest.mark.parametrize("what", TAKEN)
def test_an_email_belongs_to_one_user(store, what):
    ids, email = {1: random_id(), 2: random_id()}, address()
    make = {"users": lambda who, text: user(ids[who], text),
            "user_credentials": lambda who, text: credentials(text, ids[who])}
    tables = {name: [make[name](*row) for row in rows] for name, rows in TAKEN[what](email).items()}
    done = store.load(BAD_ROWS, **tables)
    last = list(tables)[-1]
    line = 1 + len(tables[last])
    assert f"{last}.csv:{line}: email: is taken by the user {ids[1]}" in done.stderr
    assert numbers(done, last).refused == 1
    assert store.rows("users", userid=ids[2]) == []
    assert [row["userid"] for row in store.rows("user_credentials", email=email)] == [ids[1]]
    # What an earlier import has taken is taken.
    done = store.load(BAD_ROWS, users=[user(ids[2], email)])
    assert numbers(done, "users") == Numbers(1, 0, 0, 1)


def test_a_user_keeps_the_credentials_with_a_new_email(store):
    user_id, old, new = random_id(), address(), address()
    store.load(users=[user(user_id, old)], user_credentials=[credentials(old, user_id, "hash")])
    store.load(users=[user(user_id, new)])
    row, = store.rows("user_credentials", userid=user_id)
    assert (row["email"], row["password"]) == (new, "hash")
    assert numbers(store.load(users=[user(random_id(), old)]), "users").taken == 1


def test_a_video_stands_once_in_each_listing(store):
    video_id, owner, other = random_id(), random_id(), random_id()
    first = dataset.video(video_id, owner, NOW, tags="{'old', 'both'}")
    store.load(videos=[first], latest_videos=[dataset.latest(first)])
    # The listing is of the time before: what the video says holds.
    for changed in (dataset.video(video_id, owner, NOW + DAY, tags="{'both', 'new'}"),
                    dataset.video(video_id, other, NOW + DAY),
                    dataset.video(video_id, owner, NOW + 2 * DAY, name="Another name")):
        done = store.load(videos=[changed], latest_videos=[dataset.latest(first)])
        assert numbers(done, "videos") == Numbers(1, 1, 0, 0)
        assert numbers(done, "latest_videos") == Numbers(1, 0, 1, 0)
        row, = store.rows("videos", videoid=video_id)
        assert entries(store, video_id) == {
            name: [(row["added_date"], changed["userid"])] for name in entries(store, video_id)}
        tagged = {row["tag"] for row in store.rows("videos_by_tag", videoid=video_id)}
        assert tagged == set(row["tags"])
    row, = store.rows("latest_videos", videoid=video_id)
    assert (row["name"], row["yyyymmdd"]) == ("Another name", "20231116")


def test_a_video_stands_once_when_one_file_has_it_twice(store):
    video_id, owner = random_id(), random_id()
    rows = [dataset.video(video_id, owner, NOW + n * DAY) for n in (0, 1, 2, 0, 1)]
    listings = [dataset.latest(row) for row in rows]
    done = store.load(videos=rows, latest_videos=listings,
                      user_videos=[{column: row[column] for column in USER_VIDEOS}
                                   for row in rows])
    assert numbers(done, "videos").read == 5
    row, = store.rows("videos", videoid=video_id)
    assert row["added_date"].startswith("2023-11-15")
    assert entries(store, video_id) == {
        name: [(row["added_date"], owner)] for name in entries(store, video_id)}


def test_listings_of_unknown_videos_and_lost_ones_come_in(store):
    video_id, owner = random_id(), random_id()
    row = dataset.video(video_id, owner, NOW)
    done = store.load(latest_videos=[dataset.latest(row)])
    assert numbers(done, "latest_videos").taken == 1
    done = store.load(videos=[row])
    assert numbers(done, "videos").taken == 1
    assert {len(found) for found in entries(store, video_id).values()} == {1}


def test_a_comment_moves_with_its_user(store):
    video_id, first, second, comment_id = random_id(), random_id(), random_id(), timeuuid(NOW)
    comment = {"videoid": video_id, "commentid": comment_id, "comment": " Hi ", "userid": first}
    store.load(comments=[comment])
    store.load(comments=[{**comment, "userid": second}])
    assert [row["userid"] for row in store.rows("comments_by_video", commentid=comment_id)] == [
        second]
    row, = store.rows("comments_by_user", commentid=comment_id)
    assert (row["userid"], row["comment"]) == (second, "Hi")


def test_rows_that_are_there_are_unchanged(store):
    video_id, user_id, email = random_id(), random_id(), address()
    comment = {"videoid": video_id, "commentid": timeuuid(NOW), "comment": "Hi", "userid": user_id,
               "sentiment_score": "0.5"}
    video = dataset.video(video_id, user_id, NOW)
    tables = {
        "users": [user(user_id, email)], "user_credentials": [credentials(email, user_id)],
        "videos": [video], "comments": [comment], "latest_videos": [dataset.latest(video)],
        "video_ratings_by_user": [{"videoid": video_id, "userid": user_id, "rating": "5"}],
        "video_ratings": [{"videoid": video_id, "rating_counter": "1", "rating_total": "5"}],
        "video_playback_stats": [{"videoid": video_id, "views": "0"}]}
    done = store.load(**tables)
    for name in tables.keys() - {"latest_videos"}:
        assert numbers(done, name) == Numbers(1, 1, 0, 0), name
    done = store.load(**tables)
    for name in tables:
        assert numbers(done, name) == Numbers(1, 0, 1, 0), name
    tables["video_playback_stats"][0]["views"] = "7"
    tables["video_ratings"][0]["rating_total"] = "4"
    done = store.load(**tables)
    assert numbers(done, "video_playback_stats").taken == numbers(done, "video_ratings").taken == 1
    assert store.rows("video_playback_stats", videoid=video_id)[0]["views"] == 7
    assert store.rows("video_ratings", videoid=video_id)[0]["rating_total"] == 4


def test_more_rows_than_are_read_at_once(store):
    owner, ids = random_id(), [random_id() for _ in range(2_500)]
    rows = [{"videoid": video_id, "userid": owner, "rating": "3"} for video_id in ids]
    bad = {**rows[0], "rating": "6"}
    rows = [*rows[:1_200], bad, *rows[1_200:], *rows[:10]]
    done = store.load(BAD_ROWS, video_ratings_by_user=rows)
    assert numbers(done, "video_ratings_by_user") == Numbers(2_511, 2_500, 10, 1)
    assert "video_ratings_by_user.csv:1202: rating: must be 1 to 5 stars" in done.stderr


def test_an_imported_email_is_taken_with_and_without_credentials(store, engine, launch):
    """The last one: the server's end is that of its keyspace."""
    known, alone, locked = (random_id() for _ in range(3))
    emails = {user_id: address() for user_id in (known, alone, locked)}
    store.load(users=[user(user_id, f" {email} ") for user_id, email in emails.items()],
               user_credentials=[credentials(emails[known], known),
                                 credentials(emails[locked], locked, "")])
    client = launch(data_dir=store.data_dir).client
    for user_id, email in emails.items():
        for creator in (random_id(), user_id):
            with status(StatusCode.ALREADY_EXISTS) as seen:
                client.create_user(creator, f" {email.upper()} ", "password")
            assert "because it already exists for" in seen.details
        for password in ("password", "x" * 256):
            with status(StatusCode.UNAUTHENTICATED) as seen:
                client.verify(email, password)
            with status(StatusCode.UNAUTHENTICATED) as unknown:
                client.verify(address(), password)
            assert seen.details == unknown.details
    assert [profile.email for profile in client.profiles(alone)] == [emails[alone]]
