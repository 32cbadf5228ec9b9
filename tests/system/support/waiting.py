"""How long tests wait, and how."""

import os
import time

# How many times slower than a release build the program is (sanitizers, a loaded machine).
SLOWDOWN = float(os.environ.get("KILLRVIDEO_TEST_SLOWDOWN", "1"))


def seconds(value):
    """A time limit that allows for a slow build."""
    return value * SLOWDOWN


def eventually(condition, limit=10, what="condition"):
    """Waits until `condition()` is true and returns what it gave; fails after `limit` seconds."""
    end = time.monotonic() + seconds(limit)
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < end, f"{what} not reached within {seconds(limit)} s"
        time.sleep(0.01)
