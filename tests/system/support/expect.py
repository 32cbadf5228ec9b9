"""Expectations that many tests share."""

import contextlib
import re

import grpc
import pytest

StatusCode = grpc.StatusCode


@contextlib.contextmanager
def status(code):
    """The call inside fails with `code`; gives the error's text as `.details` once it has."""
    class Seen:
        details = None
    seen = Seen()
    with pytest.raises(grpc.RpcError) as caught:
        yield seen
    seen.details = caught.value.details()
    assert caught.value.code() == code, f"{caught.value.code()}: {seen.details}"


@contextlib.contextmanager
def invalid(field):
    """The call inside fails with INVALID_ARGUMENT and a text that names the field."""
    with status(StatusCode.INVALID_ARGUMENT) as seen:
        yield seen
    assert re.search(rf"\b{field}\b", seen.details), f"does not name {field}: {seen.details}"
