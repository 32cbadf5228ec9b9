"""The first start with sample data: something to see, and commands to try."""

import json
import os
import re
import subprocess

from support.ids import random_id
from support.paging import latest_videos, video_ids, walk
from support.program import BINARY, environment
from support.waiting import eventually


def commands(output):
    """The commands to try: lines that call something."""
    return [line.strip().removeprefix("$ ") for line in output.splitlines()
            if re.match(r"\s+(\$ )?\S*(killrvideo call|grpcurl)\b", line)]


def test_a_first_start_offers_a_catalog_and_three_commands_that_work(launch):
    server = launch("--sample-data", "on")
    tried = eventually(lambda: commands(server.output), what="commands to try")
    assert len(tried) >= 3, server.output
    path = f"{BINARY.parent}{os.pathsep}{os.environ['PATH']}"
    for command in tried:
        done = subprocess.run(["bash", "-c", command], text=True, capture_output=True,
                              env=environment({"PATH": path}), cwd="/")
        assert done.returncode == 0, (command, done.stderr)
        answer = json.loads(done.stdout)
        assert any(answer.values()), f"{command} shows nothing: {answer}"


def test_the_sample_catalog_is_consistent(launch):
    server = launch("--sample-data", "on")
    client = server.client
    listed = video_ids(walk(latest_videos(client), [10]))
    assert len(listed) >= 5
    commented = rated = played = 0
    for video_id in listed:
        video = client.video(video_id)
        assert video.name and video.description and video.tags
        assert client.profiles(video.user_id.value)
        assert video_id in video_ids(client.user_videos(video.user_id.value).video_previews)
        preview, = client.previews(video_id)
        assert preview.preview_image_location.startswith("//img.youtube.com/vi/")
        for comment in client.video_comments(video_id).comments:
            commented += 1
            assert client.profiles(comment.user_id.value)
        rated += client.rating(video_id)[0]
        played += client.plays(video_id)[video_id]
    assert commented and rated and played


def test_a_second_start_adds_nothing(launch):
    server = launch("--sample-data", "on")
    tables = ("users", "videos", "comments_by_video", "video_ratings_by_user",
              "video_playback_stats")
    before = [server.table(name) for name in tables]
    server.restart()
    assert [server.table(name) for name in tables] == before


def test_data_of_ones_own_get_no_sample_among_them(launch):
    server = launch()
    assert list(server.client.latest().video_previews) == []
    assert commands(server.output) == []
    video_id = random_id()
    server.client.submit(video_id, random_id())
    server.stop()
    other = launch("--sample-data", "on", data_dir=server.data_dir)
    assert video_ids(other.client.latest().video_previews) == [video_id]


def test_a_first_start_that_was_cut_off_ends_up_with_the_whole_sample(launch, directory):
    whole = launch("--sample-data", "on", data_dir=directory / "whole")
    expected = [len(whole.table(name)) for name in ("users", "videos", "comments_by_video")]
    server = launch("--sample-data", "on", data_dir=directory / "cut", start=False)
    for _ in range(3):
        server.launch()
        try:
            server.process.wait(0.05)
        except subprocess.TimeoutExpired:
            pass
        server.kill()
    server.start()
    tables = ("users", "videos", "comments_by_video")
    assert [len(server.table(name)) for name in tables] == expected
