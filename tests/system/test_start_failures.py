"""Starts that cannot succeed: one clear line, an exit code that tells the kind, data untouched."""

import contextlib
import os
import socket
import subprocess
import tempfile
import pathlib

import pytest

from support.ids import random_id
from support.program import ADDRESS_IN_USE, BAD_DATA_DIR, clear_line, run


def test_a_second_server_on_one_data_directory_gives_up_and_the_first_goes_on(launch):
    first = launch()
    video_id = random_id()
    first.client.submit(video_id, random_id())
    second = launch(data_dir=first.data_dir, start=False)
    second._runs = 100  # Its log lies beside the first one's.
    line = second.fails(BAD_DATA_DIR)
    assert str(first.data_dir) in line
    first.client.play(video_id)
    assert first.client.video(video_id).name == "A video"
    first.restart()
    assert first.client.plays(video_id) == {video_id: 1}


@pytest.mark.parametrize("command", [["import", "csv"], ["generate", "--users", "1"]])
def test_commands_that_write_give_up_while_a_server_runs(launch, directory, command):
    server = launch()
    (directory / "csv").mkdir()
    (directory / "csv" / "video_playback_stats.csv").write_text("videoid,views\n")
    done = run(*command, "--data-dir", server.data_dir, code=BAD_DATA_DIR, cwd=directory)
    assert str(server.data_dir) in clear_line(done.stderr)
    assert server.table("users") == []


@contextlib.contextmanager
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize("flag", ["--grpc-address", "--http-address"])
def test_a_port_in_use_is_named(launch, flag):
    with taken_port() as port:
        line = launch(flag, f"127.0.0.1:{port}", start=False).fails(ADDRESS_IN_USE)
    assert f"127.0.0.1:{port}" in line


@pytest.mark.parametrize("flag, of", [("--grpc-address", "grpc_address"),
                                      ("--http-address", "http_address")])
def test_two_servers_never_share_a_port(launch, directory, flag, of):
    """With SO_REUSEPORT, which gRPC sets by default, requests would go to either at random."""
    first = launch()
    address = getattr(first, of)
    second = launch(flag, address, data_dir=directory / "other", start=False)
    assert address in second.fails(ADDRESS_IN_USE)


def test_an_address_of_another_machine_cannot_be_bound(launch):
    assert "192.0.2.1:50101" in launch("--grpc-address", "192.0.2.1:50101",
                                       start=False).fails(ADDRESS_IN_USE)


def test_a_port_in_use_leaves_no_trace_of_a_lock(launch):
    with taken_port() as port:
        server = launch("--http-address", f"127.0.0.1:{port}", start=False)
        server.fails(ADDRESS_IN_USE)
    server.start()


def test_a_data_directory_that_is_a_file_is_refused(launch, directory):
    (directory / "data").write_text("mine\n")
    line = launch(start=False).fails(BAD_DATA_DIR)
    assert str(directory / "data") in line
    assert (directory / "data").read_text() == "mine\n"


def test_a_data_directory_below_a_file_is_refused(launch, directory):
    (directory / "file").write_text("mine\n")
    server = launch(data_dir=directory / "data", start=False)
    server.flags += ["--data-dir", str(directory / "file" / "data")]
    assert str(directory / "file" / "data") in server.fails(BAD_DATA_DIR)


@contextlib.contextmanager
def read_only(path):
    """A directory that even root cannot write to."""
    path.mkdir()
    if os.geteuid() != 0:
        path.chmod(0o555)
        yield path
        path.chmod(0o755)
        return
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", path])
    if mounted.returncode != 0:
        assert not os.environ.get("CI"), "CI must be able to mount a tmpfs"
        pytest.skip("mounting a read-only file system is not allowed here")
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.mark.parametrize("below", ["", "new"])
def test_an_unwritable_data_directory_is_refused(launch, directory, below):
    with read_only(directory / "ro") as path:
        server = launch(data_dir=directory / "data", start=False)
        server.flags += ["--data-dir", str(path / below)]
        assert str(path) in server.fails(BAD_DATA_DIR)
        assert list(path.iterdir()) == []


def test_other_things_in_the_directory_are_left_alone(launch, directory):
    (directory / "data" / "lost+found").mkdir(parents=True)
    (directory / "data" / "notes.txt").write_text("mine\n")
    launch().restart()
    assert (directory / "data" / "notes.txt").read_text() == "mine\n"
    assert (directory / "data" / "lost+found").is_dir()


def test_missing_parents_of_the_data_directory_are_made(launch, directory):
    server = launch(data_dir=directory / "a" / "b" / "data")
    server.client.play(random_id())


def test_a_data_directory_with_a_strange_name_works(launch, directory):
    server = launch(data_dir=directory / "Ünï 'code' \"and\" spaces; $HOME")
    video_id = random_id()
    server.client.play(video_id)
    server.restart()
    assert server.client.plays(video_id) == {video_id: 1}


def test_data_are_private_to_their_owner():
    """They hold e-mail addresses and password hashes."""
    with tempfile.TemporaryDirectory() as parent:
        data, restored = pathlib.Path(parent) / "data", pathlib.Path(parent) / "restored"
        run("generate", "--users", "1", "--videos", "1", "--data-dir", f"{data}/")
        run("backup", pathlib.Path(parent) / "copy", "--data-dir", data)
        run("restore", pathlib.Path(parent) / "copy", "--data-dir", restored)
        assert data.stat().st_mode & 0o077 == 0
        assert restored.stat().st_mode & 0o077 == 0
