"""A user who may not do everything. Tests run as root in CI, whom permissions do not stop: what
they start then runs as another user."""

import os

_NOBODY = 65534

# Options of subprocess.run for a program that permissions do stop.
AS_SOMEBODY = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def give_away(path):
    """Makes what is below a path, and the path itself, that user's own."""
    if not AS_SOMEBODY:
        return
    for below in (path, *path.rglob("*")):
        os.chown(below, _NOBODY, _NOBODY)
