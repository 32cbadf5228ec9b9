"""The tier of these tests. They run build/release/killrvideo.

    /usr/bin/python3 -m pytest tests/cluster
"""

import pathlib
import tempfile

import pytest

from tier import Tier


@pytest.fixture(scope="module")
def tier():
    with tempfile.TemporaryDirectory(prefix="killrvideo-cluster-") as directory:
        made = Tier(pathlib.Path(directory))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    result = outcome.get_result()
    tier = getattr(item, "funcargs", {}).get("tier")
    if result.failed and tier:
        for label in tier.labels("killrvideo/"):
            result.sections.append((f"log of {label}", tier.end_of_log(label)))
