"""For every field of every request: values that are right, and values that must be refused.

Fields are known by their names, which mean the same in every request of the contract.
"""

from .client import SERVICES, methods
from .ids import random_id, timeuuid

# Offered by a later version of the program.
_NOT_YET = {"SubmitUploadedVideo"}

METHODS = {name: request for name, _, request, _ in methods(SERVICES) if name not in _NOT_YET}

FIELDS = [(method, field.name) for method, request in METHODS.items()
          for field in request.DESCRIPTOR.fields]

# The longest value of each text, in characters ("password": in bytes).
TEXT_LIMITS = {"first_name": 100, "last_name": 100, "email": 254, "name": 255,
               "description": 10_000, "comment": 5_000, "query": 500}

# What is a bad value elsewhere means the usual number of suggestions.
USUAL_SIZE = {(method, "page_size", label) for method in ("GetRelatedVideos", "GetSuggestedForUser")
              for label in ("missing", "zero")}

_OPTIONAL = {"description", "tags", "starting_comment_id", "starting_added_date",
             "starting_video_id", "paging_state"}

_VALID = {
    "user_id": random_id, "video_id": random_id,
    "user_ids": lambda: [random_id()], "video_ids": lambda: [random_id()],
    "comment_id": lambda: timeuuid(1_700_000_000_000),
    "first_name": lambda: "Ada", "last_name": lambda: "Lovelace",
    "email": lambda: f"{random_id()}@example.org", "password": lambda: "a password",
    "name": lambda: "A video", "description": lambda: "What it shows",
    "tags": lambda: ["one", "two"], "you_tube_video_id": lambda: "dQw4w9WgXcQ",
    "comment": lambda: "A comment", "query": lambda: "a query",
    "page_size": lambda: 10, "rating": lambda: 3,
}


def valid(method, **others):
    """Fields of a request that `method` accepts, without the optional starting point and page."""
    fields = {name: _VALID[name]() for known, name in FIELDS if known == method and name in _VALID}
    return {**fields, **others}


_ID = "8a5d0f1e-3f6b-4c58-9d1a-7be2c5f0a913"

MALFORMED_IDS = {
    "word": "x", "blank": " ", "truncated": _ID[:-1], "prolonged": _ID + "0",
    "no dashes": _ID.replace("-", ""), "braces": "{" + _ID + "}", "urn": "urn:uuid:" + _ID,
    "no hex digit": _ID.replace("8", "g", 1),
    "dashes elsewhere": "8a5d0f1e3-f6b-4c58-9d1a-7be2c5f0a913",
    "space before": " " + _ID, "line end": _ID + "\n", "NUL": _ID[:-1] + "\0",
    "wide digits": "８" + _ID[1:], "sign": "+" + _ID[1:], "huge": _ID * 2000,
}


def _texts(name):
    limit = TEXT_LIMITS[name]
    fill = "a@" if name == "email" else ""
    bad = {f"over in {char}": fill + char * (limit + 1 - len(fill)) for char in "xä🎬"}
    bad["huge"] = fill + "x" * 1_000_000
    if name not in _OPTIONAL:
        bad |= {"missing": None, "empty": "", "blank": " \t\n ",
                "blank beyond ASCII": "\u00a0\u2003"}
    if name == "email":
        bad["short"] = " a@ "
    return bad


def _ids():
    one_bad = {f"one {label}": [random_id(), value, random_id()]
               for label, value in MALFORMED_IDS.items()}
    return {"none": None, "an empty one": [random_id(), ""],
            "101": [random_id() for _ in range(101)], **one_bad}


def bad_values(name):
    """Labelled values that must be refused for the field `name`; None stands for leaving it out."""
    required = {} if name in _OPTIONAL else {"missing": None, "empty": ""}
    if name in TEXT_LIMITS:
        return _texts(name)
    if name in ("user_ids", "video_ids"):
        return _ids()
    if name in ("user_id", "video_id", "starting_video_id"):
        return {**required, **MALFORMED_IDS}
    if name in ("comment_id", "starting_comment_id"):
        return {**required, **MALFORMED_IDS, "random uuid": random_id(),
                "nil": "00000000-0000-0000-0000-000000000000"}
    return {
        "password": {**required, "over": "p" * 257, "over in ü": "ü" * 129,
                     "huge": "p" * 1_000_000},
        "you_tube_video_id": {**required, "blank": "  ", "no video": "what is this",
                              "huge": "https://youtu.be/" + "x" * 1_000_000},
        "tags": {"51": [f"tag {n}" for n in range(51)], "empty": ["one", ""], "blank": ["one", " "],
                 "over": ["x" * 51], "over in ä": ["one", "ä" * 51], "huge": ["x" * 1_000_000]},
        "page_size": {"missing": None, "zero": 0, "negative": -1, "most negative": -2**31},
        "rating": {"missing": None, "zero": 0, "six": 6, "negative": -1, "most negative": -2**31,
                   "huge": 2**31 - 1},
        "paging_state": {"word": "next", "a digit": "0", "a byte": "00", "odd": "abc",
                         "spaces": "  ", "long": "ab" * 10_000, "wide digits": "００"},
        "starting_added_date": {"before year 1": (-62_135_596_801, 0),
                                "after year 9999": (253_402_300_800, 0),
                                "negative nanos": (0, -1), "too many nanos": (0, 1_000_000_000)},
    }[name]


def good_values(name):
    """Labelled values at the very limit of what must be taken."""
    if name in TEXT_LIMITS:
        limit = TEXT_LIMITS[name]
        fill = random_id() + "@" if name == "email" else ""
        values = {f"{limit} {char}": fill + char * (limit - len(fill)) for char in "xä🎬"}
        values[f"{limit} and spaces"] = f" \t{fill}{'y' * (limit - len(fill))}\n "
        if name == "email":
            values["3"] = "a@" + chr(0x4E00 + int(random_id()[:4], 16) % 20_000)
        return values
    return {
        "password": {"256": "p" * 256, "256 in ü": "ü" * 128},
        "tags": {"50 of 50": [f"{n:02}" + "ä" * 48 for n in range(50)], "none": []},
        "user_ids": {"100": [random_id() for _ in range(100)]},
        "video_ids": {"100": [random_id() for _ in range(100)]},
        "page_size": {"1": 1, "1000": 1000, "1001": 1001, "huge": 2**31 - 1},
    }.get(name, {})
