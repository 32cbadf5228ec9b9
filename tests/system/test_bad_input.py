"""Every field of every request with every kind of bad value: refused, named, nothing written."""

import re

import pytest

from support.client import message
from support.expect import StatusCode, invalid, status
from support.ids import random_id
from support.requests import FIELDS, METHODS, USUAL_SIZE, bad_values, good_values, valid

WELL_FORMED = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def cases(values_of):
    for method, field in FIELDS:
        for label, value in values_of(field).items():
            if (method, field, label) not in USUAL_SIZE:
                yield pytest.param(method, field, value, id=f"{method}-{field}-{label}")


def request(method, field, value):
    """A request that is right but for this field."""
    fields = valid(method)
    if field == "starting_video_id":
        fields["starting_added_date"] = 1_700_000_000_000
    fields.pop(field, None)
    made = message(method, **fields)
    if field == "starting_added_date":
        seconds, nanos = value
        made.starting_added_date.seconds, made.starting_added_date.nanos = seconds, nanos
        made.starting_video_id.value = random_id()
        return made
    made.MergeFrom(message(method, **{field: value}))
    return made


def nothing_known(client, made):
    """Whatever ids of the request are well-formed, no trace of it is to be seen."""
    video_id, user_id = (getattr(made, name).value if hasattr(made, name) else ""
                         for name in ("video_id", "user_id"))
    if WELL_FORMED.fullmatch(video_id):
        with status(StatusCode.NOT_FOUND):
            client.video(video_id)
        assert list(client.video_comments(video_id).comments) == []
        assert client.rating(video_id) == (0, 0)
        assert client.plays(video_id) == {video_id: 0}
    if WELL_FORMED.fullmatch(user_id):
        assert list(client.profiles(user_id)) == []
        assert list(client.user_comments(user_id).comments) == []
        assert list(client.user_videos(user_id).video_previews) == []


@pytest.mark.parametrize("method, field, value", cases(bad_values))
def test_a_bad_value_is_refused_and_named(untouched, method, field, value):
    made = request(method, field, value)
    with invalid(field):
        untouched.client.send(method, made)
    if method in ("CreateUser", "SubmitYouTubeVideo", "CommentOnVideo", "RateVideo"):
        nothing_known(untouched.client, made)


@pytest.mark.parametrize("method, field, label", sorted(USUAL_SIZE))
def test_no_page_size_is_the_usual_one(client, method, field, label):
    client.send(method, request(method, field, bad_values(field)[label]))


@pytest.mark.parametrize("method, field, value", cases(good_values))
def test_a_value_at_the_limit_is_taken(client, method, field, value):
    made = request(method, field, value)
    if method == "VerifyCredentials":
        with status(StatusCode.UNAUTHENTICATED):
            client.send(method, made)
    else:
        client.send(method, made)


def test_long_texts_are_answered_as_given(client):
    video_id, user_id = random_id(), random_id()
    name, description, tags = "🎬" * 255, "ä" * 10_000, [f"{n:02}" + "🏷" * 48 for n in range(50)]
    client.submit(video_id, user_id, name, description, tags)
    video = client.video(video_id)
    assert (video.name, video.description, sorted(video.tags)) == (name, description, tags)


@pytest.mark.parametrize("text", [
    "a\0b", "\ufeffBOM", "e\u0301 é", "\u202eRTL", "'; DROP TABLE videos; --", "{\"json\": [1]}",
    "\\x00 \\n %s ${x}"])
def test_strange_text_is_only_text(client, text):
    video_id = random_id()
    client.submit(video_id, random_id(), name=text, description=text, tags=[text])
    video = client.video(video_id)
    assert (video.name, video.description, list(video.tags)) == (text, text, [text])


@pytest.mark.parametrize("method", ["GetLatestVideoPreviews", "GetUserVideoPreviews"])
@pytest.mark.parametrize("given, missing", [
    ({"starting_added_date": 1_700_000_000_000}, "starting_video_id"),
    ({"starting_video_id": random_id()}, "starting_added_date")])
def test_a_starting_point_needs_both_parts(untouched, method, given, missing):
    with invalid(missing):
        untouched.client.call(method, **valid(method), **given)


def test_an_empty_starting_id_is_an_absent_one(client):
    for method in ("GetLatestVideoPreviews", "GetUserVideoPreviews"):
        client.call(method, **valid(method), starting_video_id="", paging_state="")
    for method in ("GetVideoComments", "GetUserComments"):
        client.call(method, **valid(method), starting_comment_id="", paging_state="")


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_request_is_refused_and_a_field_named(untouched, method):
    required = "|".join(valid(method))
    with invalid(f"({required})"):
        untouched.client.send(method, b"")


def test_the_same_id_in_two_spellings_is_one_of_a_hundred(client):
    ids = [random_id() for _ in range(100)]
    assert list(client.call("GetUserProfile", user_ids=ids).profiles) == []
    assert len(client.call("GetNumberOfPlays", video_ids=ids).stats) == 100
    assert len(client.call("GetNumberOfPlays", video_ids=[ids[0], ids[0].upper()]).stats) == 1
