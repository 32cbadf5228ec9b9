"""What this user may not read or write is told with its path, and called that."""

import shutil
import socket

import pytest

from support.program import (
    ADDRESS_IN_USE, BAD_DATA_DIR, BAD_ROWS, BAD_USAGE, FAILED, clear_line, run)
from support.unprivileged import AS_SOMEBODY, give_away

SERVE = ["serve", "--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0"]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    """A data directory, a backup of it, and a data set."""
    path = tmp_path_factory.mktemp("permissions")
    run("generate", "--users", "1", "--videos", "1", "--data-dir", path / "data")
    run("backup", path / "backup", "--data-dir", path / "data")
    (path / "csv").mkdir()
    (path / "csv" / "video_playback_stats.csv").write_text("videoid,views\n")
    (path / "file").write_text("secret\n")
    return path


@pytest.fixture
def place(directory, pristine):
    """A copy of these that belongs to the user who runs the program, with a free `room`."""
    shutil.copytree(pristine, directory, dirs_exist_ok=True)
    (directory / "room").mkdir()
    give_away(directory)
    yield directory
    for path in (directory, *directory.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)  # or a user who is not root could not remove it


# Commands on the data directory; the first ones only read it.
READERS = [
    ["table", "users"],
    ["explain", "video", "00000000-0000-0000-0000-000000000000"],
    ["backup", "room/target"],
]
WRITERS = [
    SERVE,
    ["events", "list"],
    ["events", "discard", "all"],
    ["generate", "--users", "1", "--videos", "1"],
    ["import", "csv"],
    ["reindex"],
    ["reindex", "--recommendations"],
    ["reconcile"],
    ["schema", "--apply"],
    ["copy", "--from", "rocksdb", "--to", "cassandra"],
]

# What is closed: a path, its mode, and the commands that it stops.
CLOSED = [
    (".", 0o000, READERS + WRITERS + [["restore", "backup"]]),
    ("data", 0o000, READERS + WRITERS + [["restore", "backup"]]),
    ("data/store", 0o000, READERS + WRITERS + [["restore", "backup"]]),
    ("data/store", 0o300, READERS + WRITERS),
    ("data/store/CURRENT", 0o000, READERS + WRITERS),
    ("data/store/expected-files", 0o000, READERS + WRITERS),
    ("data/store/MANIFEST-*", 0o000, READERS + WRITERS),
    ("data/store/*.sst", 0o000, READERS + WRITERS),
    ("data/store/LOCK", 0o400, [["backup", "room/target"]] + WRITERS),
    ("data/store", 0o500, WRITERS),
    ("data/search", 0o000, [SERVE]),
    ("data/search/*/flintlock", 0o000, [SERVE]),
]


@pytest.mark.parametrize("closed, mode, command", [
    pytest.param(closed, mode, command, id=f"{closed} {mode:03o} {' '.join(command[:2])}")
    for closed, mode, commands in CLOSED for command in commands])
def test_a_data_directory(place, closed, mode, command):
    paths = [place] if closed == "." else list(place.glob(closed))
    for path in paths:
        path.chmod(mode)
    # By whole paths: who is in a closed directory already may look at what is below.
    words = [str(place / word) if word in ("room/target", "csv", "backup") and number
             else word for number, word in enumerate(command)]
    done = run(*words, "--data-dir", place / "data", code=None, cwd="/", **AS_SOMEBODY)
    line = clear_line(done.stderr)
    assert "Permission denied" in line
    assert str(place) in line
    for wrong in ("there is no", "in use", "used by another", "damaged", "filesystem error"):
        assert wrong not in line
    # What lies outside of the data directory may be looked at first.
    expected = {BAD_DATA_DIR} if closed != "." else {BAD_DATA_DIR, FAILED, BAD_USAGE}
    assert done.returncode in expected, line


# What is closed, its mode, the command that it stops, and its exit code.
OTHERS = [
    ("backup", 0o000, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("backup", 0o300, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("backup/CURRENT", 0o000, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("backup/expected-files", 0o000, ["restore", "backup", "--data-dir", "room/data"],
     BAD_DATA_DIR),
    ("backup/MANIFEST-*", 0o000, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("backup/*.sst", 0o000, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("room", 0o500, [*SERVE, "--data-dir", "room/data"], BAD_DATA_DIR),
    ("room", 0o500, [*SERVE, "--data-dir", "room/a/b"], BAD_DATA_DIR),
    ("room", 0o500, ["restore", "backup", "--data-dir", "room/data"], BAD_DATA_DIR),
    ("room", 0o500, ["backup", "room/target", "--data-dir", "data"], BAD_DATA_DIR),
    ("room", 0o000, ["backup", "room/target", "--data-dir", "data"], FAILED),
    ("room", 0o000, ["backup", "room/a/target", "--data-dir", "data"], FAILED),
    ("csv", 0o000, ["import", "csv", "--data-dir", "room/data"], None),
    ("file", 0o000, ["check-config", "--config", "file"], BAD_USAGE),
    ("file", 0o000, ["check-config", "--tls-certificate", "file", "--tls-key", "file"], BAD_USAGE),
    ("file", 0o000, ["check-config", "--etcd-password-file", "file"], BAD_USAGE),
    ("file", 0o000, ["check-config", "--cassandra-password-file", "file"], BAD_USAGE),
    ("file", 0o000, ["check-config", "--kafka-password-file", "file"], BAD_USAGE),
    ("file", 0o000, ["check-config", "--opensearch-password-file", "file"], BAD_USAGE),
    ("file", 0o000, ["call", "GetVideo", "--tls-ca", "file"], BAD_USAGE),
]


@pytest.mark.parametrize("closed, mode, command, code", [
    pytest.param(*case, id=f"{case[0]} {case[1]:03o} {' '.join(case[2])}") for case in OTHERS])
def test_other_files(place, closed, mode, command, code):
    paths = list(place.glob(closed))
    for path in paths:
        path.chmod(mode)
    words = [str(place / word) if number and (place / word.split("/")[0]).exists() else word
             for number, word in enumerate(command)]
    done = run(*words, code=code, cwd="/", **AS_SOMEBODY)
    line = clear_line(done.stderr)
    assert done.returncode != 0
    assert "Permission denied" in line
    assert any(str(path) in line for path in paths)
    for wrong in ("there is no", "has none of", "in use", "damaged", "has lost"):
        assert wrong not in line


def test_a_file_of_an_import(place):
    path = place / "csv" / "video_playback_stats.csv"
    path.chmod(0o000)
    done = run("import", place / "csv", "--data-dir", place / "room" / "data", code=BAD_ROWS,
               cwd="/", **AS_SOMEBODY)
    assert f"cannot read {path}: Permission denied" in done.stderr.splitlines()


@pytest.mark.parametrize("command", [["backup", "room/target"], ["events", "list"], ["reindex"]],
                         ids=lambda command: command[0])
def test_a_server_of_another_user(place, command):
    """Its socket is for its user alone."""
    with socket.socket(socket.AF_UNIX) as admin:
        path = place / "data" / "admin.sock"
        admin.bind(str(path))
        admin.listen()
        path.chmod(0o000)
        words = [str(place / word) if "/" in word else word for word in command]
        done = run(*words, "--data-dir", place / "data", code=BAD_DATA_DIR, cwd="/", **AS_SOMEBODY)
    assert f"{path}: Permission denied" in clear_line(done.stderr)


@pytest.mark.parametrize("flag", ["--grpc-address", "--http-address"])
def test_a_port_that_is_not_for_everybody(place, flag):
    try:
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as least:
            port = int(least.read()) - 1
    except OSError:
        port = 1023
    if port < 1:
        pytest.skip("here every port is for everybody")
    done = run(*SERVE, flag, f"127.0.0.1:{port}", "--data-dir", place / "room" / "data",
               code=ADDRESS_IN_USE, cwd="/", **AS_SOMEBODY)
    line = clear_line(done.stderr)
    assert f"127.0.0.1:{port}" in line and "Permission denied" in line and "in use" not in line
