"""killrvideo call: a small gRPC client for people and scripts."""

import json

import pytest

from support.ids import random_id
from support.program import BAD_USAGE, FAILED, clear_line, free_port, run


@pytest.fixture
def call(server):
    def run_call(*arguments, code=0):
        done = run("call", *arguments, "--grpc-address", server.grpc_address, code=code)
        return json.loads(done.stdout) if code == 0 else clear_line(done.stderr)
    return run_call


def test_it_writes_and_reads(call, client):
    video_id, user_id = random_id(), random_id()
    answer = call("SubmitYouTubeVideo", json.dumps({
        "video_id": {"value": video_id}, "user_id": {"value": user_id}, "name": "Sintel 🐉",
        "description": "", "tags": ["one"], "you_tube_video_id": "dQw4w9WgXcQ"}))
    assert answer == {}
    assert client.video(video_id).name == "Sintel 🐉"
    answer = call("GetVideo", json.dumps({"video_id": {"value": video_id}}))
    assert answer["video_id"] == {"value": video_id}
    assert (answer["name"], answer["tags"]) == ("Sintel 🐉", ["one"])
    assert answer["added_date"] == client.video(video_id).added_date.ToJsonString()


def test_zeros_are_shown(call):
    """Who looks at a rating wants to see that there is none."""
    answer = call("GetRating", json.dumps({"video_id": {"value": random_id()}}))
    assert {"ratings_count", "ratings_total"} <= set(answer)


def test_methods_of_every_service_are_known(call):
    some_id = {"value": random_id()}
    assert call("GetLatestVideoPreviews", '{"page_size": 5}')
    assert call("GetVideoComments", json.dumps({"video_id": some_id, "page_size": 1}))
    assert call("GetNumberOfPlays", json.dumps({"video_ids": [some_id]}))["stats"]
    assert "profiles" in call("GetUserProfile", json.dumps({"user_ids": [some_id]}))


def test_an_error_of_the_server_is_told_with_its_code(call):
    line = call("GetVideo", json.dumps({"video_id": {"value": random_id()}}), code=FAILED)
    assert "NOT_FOUND" in line
    line = call("GetVideo", "{}", code=FAILED)
    assert "INVALID_ARGUMENT" in line and "video_id" in line


@pytest.mark.parametrize("arguments, named", [
    (["GetVidoe", "{}"], "GetVidoe"), (["GetVideo", "{"], "JSON"),
    (["GetVideo", '{"vidoe_id": {}}'], "vidoe_id"), (["GetVideo", '{"video_id": 5}'], "video_id"),
    (["GetVideo", "[]"], "JSON")])
def test_a_wrong_call_is_told(call, arguments, named):
    assert named in call(*arguments, code=BAD_USAGE)


def test_a_server_that_is_not_there_is_told():
    address = f"127.0.0.1:{free_port()}"
    done = run("call", "GetLatestVideoPreviews", '{"page_size": 5}', "--grpc-address", address,
               code=FAILED)
    assert address in clear_line(done.stderr)
