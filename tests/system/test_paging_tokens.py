"""Paging states: opaque, of one query only, and refused with a clear error when they are not."""

import re

import pytest

from support import dataset
from support.expect import invalid
from support.ids import random_id, timeuuid
from support.paging import comment_ids, video_ids
from support.program import run

EVERY_ENGINE = True

NOW = 1_700_000_000_000
LISTINGS = ["GetVideoComments", "GetUserComments", "GetLatestVideoPreviews",
            "GetUserVideoPreviews"]
OTHER_QUERY = r"(paging_state|starting_\w+)"


class Listings:
    """One video and one user, of the same id, with 30 comments each; 30 videos of that user.

    The equal ids let a paging state of one listing look right in another."""

    def __init__(self, client):
        self.client = client
        self.id, self.other = random_id(), random_id()
        self.comment_ids = [timeuuid(NOW - n) for n in range(30)]
        for comment_id in self.comment_ids:
            for video_id, user_id in ((self.id, self.other), (self.other, self.id)):
                # Another comment of the same moment, as a comment's id is its own.
                own = comment_id if video_id == self.id else comment_id[:-1] + "2"
                client.comment(video_id, user_id, own)
        for user_id in (self.id, self.other):
            for _ in range(30):
                client.submit(random_id(), user_id)

    def fields(self, method, other=False):
        owner = self.other if other else self.id
        return {"GetVideoComments": {"video_id": owner}, "GetUserComments": {"user_id": owner},
                "GetUserVideoPreviews": {"user_id": owner}, "GetLatestVideoPreviews": {}}[method]

    def start(self, method, index):
        """A starting point of the listing, as the fields of a request."""
        if method == "GetVideoComments":
            return {"starting_comment_id": self.comment_ids[index]}
        if method == "GetUserComments":
            return {"starting_comment_id": self.comment_ids[index][:-1] + "2"}
        rows = self.call(method, page_size=30).video_previews
        return {"starting_added_date": rows[index].added_date.ToMilliseconds(),
                "starting_video_id": rows[index].video_id.value}

    def call(self, method, other=False, page_size=5, **fields):
        return self.client.call(method, page_size=page_size, **self.fields(method, other), **fields)

    def ids(self, response):
        if hasattr(response, "comments"):
            return comment_ids(response.comments)
        return video_ids(response.video_previews)


@pytest.fixture(scope="module")
def listings(server):
    return Listings(server.client)


@pytest.mark.parametrize("method", LISTINGS)
def test_a_paging_state_is_hex_and_may_be_used_again(listings, method):
    state = listings.call(method).paging_state
    assert re.fullmatch(r"([0-9a-f]{2})+", state)
    first, again = (listings.call(method, paging_state=state) for _ in range(2))
    assert first == again
    assert len(listings.ids(first)) == 5


@pytest.mark.parametrize("method", LISTINGS)
def test_altered_anywhere_it_is_refused(listings, method):
    state = listings.call(method).paging_state
    for index, digit in enumerate(state):
        for flip in (1, 8):
            altered = state[:index] + f"{int(digit, 16) ^ flip:x}" + state[index + 1:]
            with invalid("paging_state"):
                listings.call(method, paging_state=altered)


@pytest.mark.parametrize("method", LISTINGS)
def test_truncated_or_prolonged_it_is_refused(listings, method):
    state = listings.call(method).paging_state
    broken = [state[:length] for length in range(1, len(state))]
    broken += [state[2:], state + "0", state + "00", state + state, " " + state, state + "\n",
               "0x" + state, state[:-1] + "g", state[::-1]]
    for text in broken:
        with invalid("paging_state"):
            listings.call(method, paging_state=text)


@pytest.mark.parametrize("method", LISTINGS)
def test_in_upper_case_it_is_the_same_or_refused(listings, method):
    state = listings.call(method).paging_state
    if state == state.upper():
        pytest.skip("this paging state has no letters")
    try:
        response = listings.call(method, paging_state=state.upper())
    except Exception:
        with invalid("paging_state"):
            listings.call(method, paging_state=state.upper())
    else:
        assert response == listings.call(method, paging_state=state)


@pytest.mark.parametrize("used", LISTINGS)
@pytest.mark.parametrize("made", LISTINGS)
def test_another_method_refuses_it(listings, made, used):
    if made != used:
        with invalid("paging_state"):
            listings.call(used, paging_state=listings.call(made).paging_state)


@pytest.mark.parametrize("method", [name for name in LISTINGS if name != "GetLatestVideoPreviews"])
def test_another_id_refuses_it(listings, method):
    with invalid("paging_state"):
        listings.call(method, other=True, paging_state=listings.call(method).paging_state)


@pytest.mark.parametrize("method", LISTINGS)
def test_another_page_size_takes_it(listings, method):
    whole = listings.ids(listings.call(method, page_size=25))
    state = listings.call(method, page_size=3).paging_state
    assert listings.ids(listings.call(method, page_size=22, paging_state=state)) == whole[3:]


@pytest.mark.parametrize("method", LISTINGS)
def test_the_starting_point_of_the_first_request_may_come_along_or_not(listings, method):
    start = listings.start(method, 4)
    first = listings.call(method, **start)
    assert len(listings.ids(first)) == 5 and first.paging_state
    with_it = listings.call(method, paging_state=first.paging_state, **start)
    without = listings.call(method, paging_state=first.paging_state)
    assert with_it == without
    # And so on for the pages after the second.
    third = [listings.call(method, paging_state=without.paging_state, **fields)
             for fields in (start, {})]
    assert third[0] == third[1]
    assert not set(listings.ids(third[0])) & set(listings.ids(first) + listings.ids(without))


@pytest.mark.parametrize("method", LISTINGS)
def test_another_starting_point_refuses_it(listings, method):
    start, other = listings.start(method, 4), listings.start(method, 5)
    state = listings.call(method, **start).paging_state
    with invalid(OTHER_QUERY):
        listings.call(method, paging_state=state, **other)
    from_the_top = listings.call(method).paging_state
    with invalid(OTHER_QUERY):
        listings.call(method, paging_state=from_the_top, **start)


def test_a_paging_state_does_not_hide_other_bad_fields(listings):
    state = listings.call("GetVideoComments").paging_state
    with invalid("page_size"):
        listings.call("GetVideoComments", page_size=0, paging_state=state)
    with invalid("starting_comment_id"):
        listings.call("GetVideoComments", paging_state=state, starting_comment_id=random_id())
    state = listings.call("GetLatestVideoPreviews").paging_state
    with invalid("starting_video_id"):
        listings.call("GetLatestVideoPreviews", paging_state=state, starting_added_date=NOW)


@pytest.mark.rocksdb
def test_the_row_that_a_walk_stands_on_may_have_gone(launch, directory):
    """Another tool may remove rows between two pages: a restored older copy stands for it."""
    server = launch()
    video_id, user_id = random_id(), random_id()
    ids = [timeuuid(NOW - n) for n in range(10)]
    for index in (0, 1, 3, 4, 5):
        server.client.comment(video_id, user_id, ids[index])
    run("backup", directory / "copy", "--data-dir", server.data_dir)
    server.client.comment(video_id, user_id, ids[2])
    state = server.client.video_comments(video_id, 3).paging_state
    run("restore", directory / "copy", "--data-dir", directory / "older")
    older = launch(data_dir=directory / "older").client
    page = older.video_comments(video_id, 10, paging_state=state)
    assert comment_ids(page.comments) == ids[3:6]


def test_pages_are_cut_to_a_thousand_rows(launch, directory, engine):
    user_id, video_id = random_id(), random_id()
    videos = [dataset.video(random_id(), user_id, NOW - n * 1000) for n in range(1001)]
    ids = [timeuuid(NOW - n) for n in range(1001)]
    dataset.write(
        directory / "csv", videos=videos, latest_videos=map(dataset.latest, videos),
        comments=[{"videoid": video_id, "commentid": comment_id, "comment": "A comment",
                   "userid": user_id, "sentiment_score": "0.5"} for comment_id in ids])
    run("import", directory / "csv", "--data-dir", directory / "data",
        *engine.flags(directory / "data"))
    client = launch().client
    for size in (1000, 1001, 5000, 2**31 - 1):
        for call, ids_of in (
                (lambda **f: client.video_comments(video_id, size, **f), lambda r: r.comments),
                (lambda **f: client.user_comments(user_id, size, **f), lambda r: r.comments),
                (lambda **f: client.latest(size, **f), lambda r: r.video_previews),
                (lambda **f: client.user_videos(user_id, size, **f), lambda r: r.video_previews)):
            first = call()
            assert len(ids_of(first)) == 1000
            last = call(paging_state=first.paging_state)
            assert len(ids_of(last)) == 1
            assert last.paging_state == ""
