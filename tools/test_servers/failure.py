"""The one way in which a command gives up."""


class Failure(Exception):
    """What went wrong, for the person at the terminal."""
