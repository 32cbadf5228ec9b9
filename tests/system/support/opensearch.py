"""The OpenSearch of the tests, which `tools/servers with opensearch` starts, over plain HTTP."""

import json
import os
import urllib.error
import urllib.request


def url():
    """Fails loudly where there is none."""
    address = os.environ.get("KILLRVIDEO_TEST_OPENSEARCH")
    assert address, "KILLRVIDEO_TEST_OPENSEARCH is not set: see tools/servers with opensearch"
    return f"http://{address.split(',')[0]}"


def ask(base, method, target, body=None):
    """What OpenSearch answers, as JSON; None if there is no such thing."""
    request = urllib.request.Request(base + target, method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def indexes(base, prefix):
    """The names of the indexes, and which of them the alias names."""
    found = ask(base, "GET", f"/{prefix}-videos-v*")
    return {name: f"{prefix}-videos" in index["aliases"] for name, index in found.items()}
