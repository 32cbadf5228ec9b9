"""What `killrvideo import` says at its end."""

import dataclasses
import re


@dataclasses.dataclass
class Numbers:
    """The rows of one file."""

    read: int
    taken: int
    unchanged: int
    refused: int


def numbers(done, name):
    """The numbers that a finished import gives for a file; the first is the sum of the others."""
    line, = re.findall(rf"^{name}\.csv +(\d+) read, +(\d+) taken, +(\d+) unchanged, +(\d+) refused",
                       done.stdout, re.M)
    found = Numbers(*map(int, line))
    assert found.read == found.taken + found.unchanged + found.refused
    return found
