"""Requests that are no proper protobuf: invalid UTF-8 in any field, and bytes that mean nothing."""

import pytest

from support.client import message
from support.expect import StatusCode, invalid, status
from support.ids import random_id
from support.requests import METHODS, valid

# Ten bytes each, so that they can take the place of a marker in a serialized message.
NO_UTF8 = {
    "stray continuation": b"aaaa\x80aaaaa",
    "never valid": b"aaaaa\xff\xfeaaa",
    "cut off": b"aaaaaaaa\xe2\x82",
    "overlong": b"aaaa\xc0\xafaaaa",
    "surrogate": b"aaaa\xed\xa0\x80aaa",
    "beyond Unicode": b"aaaa\xf4\x90\x80\x80aa",
}
MARKER = "<<marker>>"


def texts(descriptor):
    """The fields of a request that hold text, themselves or in the id message that they are."""
    for field in descriptor.fields:
        if field.type == field.TYPE_STRING or field.message_type and any(
                inner.type == inner.TYPE_STRING for inner in field.message_type.fields):
            yield field


CASES = [(method, field.name, field.label == field.LABEL_REPEATED)
         for method, request in METHODS.items() for field in texts(request.DESCRIPTOR)]


@pytest.mark.parametrize("kind", NO_UTF8)
@pytest.mark.parametrize("method, field, repeated", CASES)
def test_invalid_utf8_is_refused_and_the_field_named(untouched, method, field, repeated, kind):
    fields = valid(method)
    if field == "starting_video_id":
        fields["starting_added_date"] = 1_700_000_000_000
    fields[field] = [MARKER] if repeated else MARKER
    good = message(method, **fields).SerializeToString()
    assert good.count(MARKER.encode()) == 1
    with invalid(field):
        untouched.client.send(method, good.replace(MARKER.encode(), NO_UTF8[kind]))


GARBAGE = {
    "ones": b"\xff" * 40,
    "length beyond the end": b"\x0a\xff\x01a",
    "length beyond sense": b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
    "endless number": b"\x10" + b"\x80" * 11,
    "field number zero": b"\x02\x01a",
    "end of no group": b"\x0c",
    "unknown wire type": b"\x0f\x01",
    "text": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("method", METHODS)
def test_bytes_that_are_no_message_are_refused(untouched, method, kind):
    with status(StatusCode.INVALID_ARGUMENT) as seen:
        untouched.client.send(method, GARBAGE[kind])
    assert seen.details


@pytest.mark.parametrize("method", METHODS)
def test_a_message_cut_off_anywhere_is_refused(untouched, method):
    """Cut in its last field, a message either is broken or has a bad last field."""
    fields = valid(method)
    whole = message(method, **fields).SerializeToString()
    last = max(len(message(method, **{name: value}).SerializeToString())
               for name, value in fields.items())
    for length in range(max(0, len(whole) - last), len(whole)):
        try:
            METHODS[method].FromString(whole[:length])
        except Exception:
            with status(StatusCode.INVALID_ARGUMENT):
                untouched.client.send(method, whole[:length])


@pytest.mark.parametrize("method", METHODS)
def test_unknown_fields_are_ignored(client, method):
    """Newer clients may send more than this program knows."""
    whole = message(method, **valid(method)).SerializeToString()
    unknown = b"\xc2\x3e\x03abc" + b"\xc8\x3e\x2a"  # Field 1000 as text, field 1001 as a number.
    if method == "VerifyCredentials":
        expected = StatusCode.UNAUTHENTICATED
    elif method == "GetVideo":
        expected = StatusCode.NOT_FOUND
    else:
        client.send(method, whole + unknown)
        return
    with status(expected):
        client.send(method, whole + unknown)


def test_a_field_of_another_type_counts_as_missing(untouched):
    with invalid("video_id"):
        untouched.client.send("GetVideo", b"\x08\x05")  # Field 1 as a number.
    with invalid("page_size"):
        untouched.client.send("GetLatestVideoPreviews", b"\x0a\x01a")  # Field 1 as text.


def test_an_unknown_method_is_unimplemented(client):
    for path in ("/killrvideo.comments.CommentsService/DropComments", "/no.such.Service/Call"):
        call = client.channel.unary_unary(path, None, None)
        with status(StatusCode.UNIMPLEMENTED):
            call(b"", timeout=10)


def test_the_server_goes_on_after_all_this(client):
    video_id = random_id()
    client.submit(video_id, random_id())
    assert client.video(video_id).name == "A video"
