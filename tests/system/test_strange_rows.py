"""Whatever other tools have written, every answer is one that a client can read.

A table of calls and of kinds of rows: a new call is a line of LISTED, a new kind one of KINDS."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from support import cassandra, search
from support.expect import StatusCode, status
from support.ids import random_id, timeuuid, uuid_order
from support.paging import (comment_ids, comments_of_user, comments_of_video, latest_videos,
                            video_ids, videos_of_user, walk)
from support.strange import (FIRST, LAST, NEWEST, TIMES, check_readable, fill, told, write_video)
from support.waiting import eventually

EVERY_ENGINE = True
pytestmark = pytest.mark.timeout(400)

OWNER, NOBODY = random_id(), random_id()  # Of all these videos, and of none.
ASKED = random_id()  # The video that the others are related to.
SEEN = {kind: random_id() for kind in TIMES}
# Rows in which all is null but the key, and the tags by which they are found.
NULL = {"null": random_id(), "null with tags": random_id()}
LONG = [random_id() for _ in range(100)]  # Videos with names of 60,000 letters.
HUGE = random_id()  # One with texts of millions of bytes.
LONG_TAG = "endless"

USERS = {"null": random_id(), **{f"long {n}": random_id() for n in range(99)}}
COMMENTED, COMMENTER = random_id(), random_id()
TALKED_ABOUT, TALKER = random_id(), random_id()
RATED = random_id()
RATERS = {stars: random_id() for stars in (None, 0, -1, 6, 2**31 - 1, -2**31)}
ORPHAN = f"{random_id()}@example.org"

# Comments from the first to the last time that an id can have; and one whose columns are null.
EDGES = [f"00000000-0000-1000-8080-8080808080{n:02}" for n in range(2)] + [
    "ffffffff-ffff-1fff-bf7f-7f7f7f7f7f7f", timeuuid(NEWEST)]


def write_videos(keyspace):
    for kind, (added, day) in TIMES.items():
        write_video(keyspace, SEEN[kind], OWNER, added, day, name=f"Strange {kind}")
    write_video(keyspace, ASKED, OWNER, NEWEST + 1, "20231114", name="Asked")
    cassandra.insert(keyspace, "videos", videoid=NULL["null"])
    cassandra.insert(keyspace, "videos", videoid=NULL["null with tags"], tags=["strange"])
    for video_id in NULL.values():
        cassandra.insert(keyspace, "latest_videos", yyyymmdd="20231114", added_date=NEWEST + 2,
                         videoid=video_id)
        cassandra.insert(keyspace, "user_videos", userid=NOBODY, added_date=NEWEST + 2,
                         videoid=video_id)
    for n, video_id in enumerate(LONG):
        write_video(keyspace, video_id, random_id(), NEWEST - 1 - n, "20231114",
                    name=f"{LONG_TAG} {n} " + "ä" * 30_000, preview_image_location="🎬" * 1_000)
    cassandra.insert(keyspace, "videos", videoid=HUGE, name="ä" * 700_000, userid=OWNER,
                     description="🎬" * 400_000, location="x" * 1_500_000, added_date=NEWEST,
                     tags=[f"{n} " + "y" * 30_000 for n in range(100)])


def write_others(keyspace):
    for kind, user_id in USERS.items():
        columns = {} if kind == "null" else {"firstname": "ä" * 25_000, "lastname": kind,
                                             "email": f"{'x' * 20_000}@{kind}"}
        cassandra.insert(keyspace, "users", userid=user_id, **columns)
    cassandra.insert(keyspace, "user_credentials", email=ORPHAN)
    for comment_id in EDGES:
        cassandra.insert(keyspace, "comments_by_video", videoid=COMMENTED, commentid=comment_id)
        cassandra.insert(keyspace, "comments_by_user", userid=COMMENTER, commentid=comment_id)
    for n in range(8):
        ids = {"videoid": TALKED_ABOUT, "userid": TALKER, "commentid": timeuuid(NEWEST + n)}
        for table in ("comments_by_video", "comments_by_user"):
            cassandra.insert(keyspace, table, comment=f"{n}" + "🎬" * 300_000, **ids)
    for stars, user_id in RATERS.items():
        cassandra.insert(keyspace, "video_ratings_by_user", videoid=RATED, userid=user_id,
                         rating=stars)
    cassandra.execute(f"UPDATE {keyspace}.video_ratings SET rating_counter = rating_counter - 3,"
                      f" rating_total = rating_total - 50 WHERE videoid = {RATED}")


@pytest.fixture
def server(engine, shared_servers):
    def write(keyspace):
        write_videos(keyspace)
        write_others(keyspace)
    return shared_servers("strange", engine, prepare=lambda new: fill(new, write))


def readable_videos(send):
    """All videos that `send(page_size=…, paging_state=…)` answers with, page by page."""
    def fetch(**fields):
        response = send(**fields)
        check_readable(response)
        return list(response.videos), response.paging_state
    return walk(fetch)


def found(client, query):
    return readable_videos(lambda **fields: search.hits(client, query, **fields))


def related(client, video_id):
    return readable_videos(lambda **fields: client.related(video_id, **fields))


def suggested(client, user_id):
    return readable_videos(lambda **fields: client.suggested(user_id, **fields))


# Each call by which a video is shown: the rows that it answers with.
LISTED = {
    "GetVideoPreviews": lambda client: [
        row for ids in ([*SEEN.values(), *NULL.values()], LONG)
        for row in client.previews(*ids)],
    "GetLatestVideoPreviews": lambda client: walk(latest_videos(client)),
    "GetUserVideoPreviews": lambda client: [
        *walk(videos_of_user(client, OWNER)), *walk(videos_of_user(client, NOBODY))],
    "SearchVideos": lambda client: found(client, f"strange {LONG_TAG}"),
    "GetRelatedVideos": lambda client: related(client, ASKED),
    "GetSuggestedForUser": lambda client: suggested(client, random_id()),
}

# Each kind of a video's row: its id, and its user and added date as they are to be told.
KINDS = {**{kind: (SEEN[kind], OWNER, told(added)) for kind, (added, _) in TIMES.items()},
         **{kind: (video_id, "", None) for kind, video_id in NULL.items()}}

# Neither a word nor a tag finds a row that has none.
NOT_FOUND = {("SearchVideos", "null"), ("GetRelatedVideos", "null")}
# There the date is a part of the key and so cannot be null.
WITH_DATE = {"GetLatestVideoPreviews": NEWEST + 2, "GetUserVideoPreviews": NEWEST + 2}


@pytest.mark.parametrize("call, kind", [
    (call, kind) for call in LISTED for kind in KINDS if (call, kind) not in NOT_FOUND])
def test_a_video_is_shown_with_what_is_known_of_it(server, call, kind):
    video_id, user_id, added = KINDS[kind]

    def shown():
        return [row for row in LISTED[call](server.client) if row.video_id.value == video_id]
    row, = eventually(shown, 60, f"it is shown by {call}")
    check_readable(row)
    if added is None and call == "GetUserVideoPreviews":
        user_id = NOBODY
    assert row.HasField("user_id") == bool(user_id)
    assert row.user_id.value == user_id
    if added is None:
        added = WITH_DATE.get(call)
        assert row.name == row.preview_image_location == ""
    assert row.HasField("added_date") == (added is not None)
    assert added is None or row.added_date.ToMilliseconds() == added


@pytest.mark.parametrize("kind", KINDS)
def test_get_video_tells_what_is_known(server, kind):
    video_id, user_id, added = KINDS[kind]
    video = server.client.video(video_id)
    check_readable(video)
    assert video.user_id.value == user_id
    assert video.HasField("user_id") == bool(user_id)
    assert video.HasField("added_date") == (added is not None)
    assert added is None or video.added_date.ToMilliseconds() == added
    assert list(video.tags) == ([] if kind == "null" else ["strange"])


def test_lists_keep_the_order_of_the_stored_times(server):
    rows = walk(videos_of_user(server.client, OWNER), [2])
    stored = {SEEN[kind]: added for kind, (added, _) in TIMES.items()} | {ASKED: NEWEST + 1}
    assert [row.video_id.value for row in rows] == sorted(
        stored, key=lambda video_id: (-stored[video_id], uuid_order(video_id)))


@pytest.mark.parametrize("kind", TIMES)
def test_a_time_as_it_is_told_is_a_starting_point(server, kind):
    client = server.client
    start = {"starting_added_date": told(TIMES[kind][0]), "starting_video_id": SEEN[kind]}
    for fetch in (latest_videos(client), videos_of_user(client, OWNER)):
        everything = video_ids(walk(fetch))
        rest = everything[everything.index(SEEN[kind]):]
        assert video_ids(walk(fetch, [3], **start)) == rest
        # The starting point may also come again with the next page.
        page, state = fetch(page_size=1, **start)
        assert video_ids(page) == rest[:1]
        assert video_ids(walk(fetch, [100], paging_state=state, **start)) == rest[1:] if state \
            else len(rest) == 1


# Those of a user are all another user's.
@pytest.mark.parametrize("call", [call for call in LISTED if call != "GetUserVideoPreviews"])
def test_long_texts_end_a_page_or_are_cut(server, call):
    def shown():
        rows = {row.video_id.value: row for row in LISTED[call](server.client)}
        return rows if set(LONG) <= set(rows) else None
    rows = eventually(shown, 60, f"all are shown by {call}")
    for n, video_id in enumerate(LONG):
        assert rows[video_id].name.startswith(f"{LONG_TAG} {n} ä")


def test_previews_cut_the_longest_texts(server):
    response = server.client.call("GetVideoPreviews", video_ids=[*LONG[:99], SEEN["usual"]])
    check_readable(response)
    *long, short = response.video_previews
    assert len(long) == 99
    assert short.name == "Strange usual"
    assert min(len(row.name.encode()) for row in long) > 30_000
    assert response.ByteSize() > 3_500_000


def test_profiles_cut_the_longest_texts(server):
    response = server.client.call("GetUserProfile", user_ids=list(USERS.values()))
    check_readable(response)
    null, *long = response.profiles
    assert null.first_name == null.last_name == null.email == ""
    assert [profile.last_name for profile in long] == list(USERS)[1:]
    assert response.ByteSize() > 3_500_000


def test_a_video_with_texts_of_millions_is_cut(server):
    video = server.client.video(HUGE)
    check_readable(video)
    assert sorted(map(len, video.tags)) == [30_002] * 10 + [30_003] * 90
    for text in (video.name, video.description, video.location):
        assert 250_000 < len(text.encode()) <= 1_000_000


@pytest.mark.parametrize("comments, names", [
    (lambda client: client.video_comments(COMMENTED), "user_id"),
    (lambda client: client.user_comments(COMMENTER), "video_id")])
def test_comments_of_any_time_without_anything_else(server, comments, names):
    response = comments(server.client)
    check_readable(response)
    assert sorted(comment_ids(response.comments)) == sorted(EDGES)
    for row in response.comments:
        assert not row.HasField(names)
        assert row.comment == ""
        assert row.HasField("comment_timestamp")


@pytest.mark.parametrize("fetch_of, key", [(comments_of_video, TALKED_ABOUT),
                                           (comments_of_user, TALKER)],
                         ids=["of_video", "of_user"])
def test_comments_of_a_million_letters_are_cut(server, fetch_of, key):
    rows = walk(fetch_of(server.client, key), [1000])
    assert [row.comment[0] for row in rows] == list("76543210")
    for row in rows:
        assert 999_990 < len(row.comment.encode()) <= 1_000_000


def test_a_thousand_comments_of_5000_letters_come_in_pages(server):
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NEWEST + n) for n in range(1_000)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: server.client.comment(video_id, user_id, each, "ä" * 5_000),
                      ids))
    for call, key in (("GetVideoComments", {"video_id": video_id}),
                      ("GetUserComments", {"user_id": user_id})):
        seen, state, pages = [], None, 0
        while state != "":
            page = server.client.call(call, page_size=1_000, paging_state=state, **key)
            check_readable(page)
            assert all(len(row.comment) == 5_000 for row in page.comments)
            seen += comment_ids(page.comments)
            state, pages = page.paging_state, pages + 1
        assert seen == ids[::-1]
        assert pages == 3  # As few as there can be.


@pytest.mark.parametrize("stars", RATERS)
def test_a_rating_that_is_none_counts_as_none(server, stars):
    assert server.client.user_rating(RATED, RATERS[stars]) == 0


def test_totals_are_never_negative(server):
    assert server.client.rating(RATED) == (0, 0)


def test_credentials_without_a_user_let_nobody_in_and_own_the_email(server):
    with status(StatusCode.UNAUTHENTICATED):
        server.client.verify(ORPHAN)
    with status(StatusCode.ALREADY_EXISTS):
        server.client.create_user(random_id(), ORPHAN)


def test_a_query_is_answered_as_it_was_searched_for(server):
    for call in ("SearchVideos", "GetQuerySuggestions"):
        response = server.client.call(call, query=" " * 3_990_000 + "usual ", page_size=10)
        check_readable(response)
        assert response.query == "usual"


def test_first_and_last_are_those_of_the_contract():
    assert (told(-2**63), told(2**63 - 1)) == (FIRST, LAST)
