"""The layers of the source: which folder may include which, by the #include lines of all files."""

import pathlib
import re

import pytest

from support.program import ROOT

SOURCE = ROOT / "src"
STORE = "common storage"
SERVICE = STORE + " events"

# What the files of a folder may include besides those of the folder itself. A folder may only name
# folders above its own line, so that there are no circles.
MAY_INCLUDE = {
    "common": "",
    "http": "common",
    "registry": "common http",
    "storage": "common",
    "storage/rocksdb": STORE,
    "storage/cassandra": STORE,
    "storage/cassandra/driver/bridge": "",
    "storage/cassandra/driver": STORE + " storage/cassandra storage/cassandra/driver/bridge",
    "events": STORE,
    "events/kafka": STORE + " events",
    "transport/grpc": "common",
    "transport/http": "common http",
    "users": SERVICE,
    "catalog": SERVICE,
    "comments": SERVICE,
    "ratings": SERVICE,
    "statistics": SERVICE,
    "search": SERVICE + " catalog",
    "search/xapian": STORE + " search",
    "search/opensearch": "common http search",
    "tags": SERVICE + " catalog",
    "suggestions": SERVICE + " catalog ratings tags",
    "dataset": STORE + " users catalog comments ratings statistics",
    "generate": STORE + " users catalog comments ratings statistics",
    "app": "*",
    "cli": "*",
}
# app/ puts everything together, and cli/ is on top of it; nothing may include cli but the program.
TOP = {"app": "cli", "": "", "cli": ""}

# Files that may include what their folder may not.
ADAPTER = re.compile(r"/grpc\.[ch]pp$")
MESSAGES = [  # generated code: which files may include it
    (re.compile(r"_service\.pb\.h$"), re.compile(r"/grpc\.cpp$|^cli/contract\.cpp$"),
     "only grpc.cpp of a service and cli/contract.cpp know the messages of calls"),
    (re.compile(r"common_types\.pb\.h$"),
     re.compile(r"^common/protobuf\.hpp$|^transport/grpc/wire\.hpp$"),
     "ids and times in messages are read and written by common/protobuf.hpp and "
     "transport/grpc/wire.hpp"),
    (re.compile(r"\.pb\.h$"),
     re.compile(r"^(?!common/|http/|registry/|storage/|transport/|search/)"),
     "only who writes or handles events knows their messages"),
]


def folder_of(path):
    folder = str(pathlib.PurePosixPath(path).parent)
    if folder == "app/modules":
        return "app"
    return "" if folder == "." else folder


def objection(file, included):
    """A sentence that says what is wrong with the #include; nothing if it is right."""
    if included.endswith(".pb.h"):
        for message, allowed, reason in MESSAGES:
            if message.search(included):
                return None if allowed.search(file) else f"{file} includes {included}: {reason}"
    source, target = folder_of(file), folder_of(included)
    if source == target or target == "":
        return None
    if source in TOP:
        return f"{file} includes {included}: {source}/ is below {target}/" \
            if target in TOP[source].split() else None
    if source not in MAY_INCLUDE:
        return (f"{file} is in a folder of which MAY_INCLUDE in {pathlib.Path(__file__).name} "
                "says nothing")
    allowed = MAY_INCLUDE[source].split()
    if ADAPTER.search(file):
        allowed = [*allowed, "transport/grpc"]
    if target in allowed:
        return None
    return f"{file} includes {included}: {source}/ may include " + \
        (", ".join(f"{folder}/" for folder in allowed) or "nothing") + f", not {target}/"


def test_every_include_keeps_to_the_layers():
    files = [path for path in SOURCE.rglob("*") if path.suffix in (".cpp", ".hpp")]
    assert len(files) > 300
    objections = []
    for path in files:
        file = path.relative_to(SOURCE).as_posix()
        for included in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE):
            # One that is beside its file has no folder in front of it.
            objections.append(objection(file, included))
    assert [text for text in objections if text] == []


def test_folders_include_only_folders_above_them():
    above = []
    for folder, allowed in MAY_INCLUDE.items():
        if allowed != "*":
            assert [name for name in allowed.split() if name not in above] == [], folder
        above.append(folder)


@pytest.mark.parametrize("file, included, rule", [
    ("users/users.cpp", "storage/rocksdb/engine.hpp", "not storage/rocksdb/"),
    ("ratings/ratings.cpp", "storage/cassandra/session.hpp", "not storage/cassandra/"),
    ("search/search.cpp", "search/xapian/index.hpp", "not search/xapian/"),
    ("search/indexer.hpp", "search/opensearch/index.hpp", "not search/opensearch/"),
    ("search/opensearch/client.cpp", "transport/http/server.hpp", "not transport/http/"),
    ("storage/cassandra/engine.cpp", "transport/grpc/server.hpp", "not transport/grpc/"),
    ("storage/store.hpp", "storage/rocksdb/engine.hpp", "not storage/rocksdb/"),
    ("storage/rocksdb/engine.cpp", "catalog/tables.hpp", "not catalog/"),
    ("events/relay.cpp", "events/kafka/producer.hpp", "not events/kafka/"),
    ("common/text.hpp", "storage/store.hpp", "may include nothing"),
    ("http/client.cpp", "transport/http/server.hpp", "may include common/, not"),
    ("catalog/catalog.cpp", "transport/grpc/wire.hpp", "not transport/grpc/"),
    ("users/users.hpp", "app/config.hpp", "not app/"),
    ("catalog/catalog.cpp", "search/search.hpp", "not search/"),
    ("app/config.cpp", "cli/program.hpp", "app/ is below cli/"),
    ("catalog/catalog.cpp", "video-catalog/video_catalog_service.pb.h", "messages of calls"),
    ("app/kafka.hpp", "common/common_types.pb.h", "common/protobuf.hpp"),
    ("storage/store.hpp", "ratings/ratings_events.pb.h", "writes or handles events"),
    ("moderation/moderation.cpp", "storage/store.hpp", "says nothing"),
])
def test_a_wrong_include_is_told_with_its_rule(file, included, rule):
    text = objection(file, included)
    assert text is not None
    assert file in text and rule in text


@pytest.mark.parametrize("file, included", [
    ("users/grpc.cpp", "transport/grpc/wire.hpp"),
    ("users/grpc.cpp", "user-management/user_management_service.pb.h"),
    ("search/grpc.cpp", "catalog/grpc.hpp"),
    ("ratings/ratings.cpp", "ratings/ratings_events.pb.h"),
    ("common/text.cpp", "common/text.hpp"),
    ("events/types.cpp", "event_files.hpp"),
    ("app/modules/search.cpp", "search/xapian/index.hpp"),
    ("cli/schema.cpp", "storage/cassandra/definition.hpp"),
])
def test_a_right_include_is_let_pass(file, included):
    assert objection(file, included) is None
