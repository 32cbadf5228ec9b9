"""Failed logins are limited for each account and for each peer."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from support.creations import creations
from support.expect import StatusCode, status
from support.ids import random_id
from support.waiting import eventually, seconds

pytestmark = pytest.mark.concurrent


def flags(account=1000, peer=1000, window=600):
    return ("--login-failures-per-account", account, "--login-failures-per-peer", peer,
            "--login-window", int(seconds(window)))


def fail(client, email):
    with status(StatusCode.UNAUTHENTICATED):
        client.verify(email, "a wrong password")


def attempt(client, email, password="a password"):
    try:
        client.verify(email, password)
        return "in"
    except grpc.RpcError as error:
        return error.code()


def test_an_account_is_closed_after_its_failures(launch):
    client = launch(*flags(account=3)).client
    client.create_user(random_id(), "ada@example.org")
    client.create_user(random_id(), "bob@example.org")
    for _ in range(3):
        fail(client, "ada@example.org")
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.verify("ada@example.org", "a wrong password")
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.verify("ada@example.org")
    client.verify("bob@example.org")


@pytest.mark.parametrize("limits", [{"account": 1}, {"peer": 1}])
def test_what_is_closed_opens_again(launch, limits):
    client = launch(*flags(**limits, window=1)).client
    client.create_user(random_id(), "ada@example.org")
    fail(client, "ada@example.org")
    eventually(lambda: attempt(client, "ada@example.org") == "in", 30, "open again")


def test_another_spelling_of_the_email_is_the_same_account(launch):
    client = launch(*flags(account=3)).client
    client.create_user(random_id(), "ada@example.org")
    for spelling in ("ada@example.org", "ADA@example.org", "  Ada@Example.Org "):
        fail(client, spelling)
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.verify("adA@example.org", "a wrong password")


def test_an_unknown_account_is_closed_like_a_known_one(launch):
    client = launch(*flags(account=3)).client
    for _ in range(3):
        fail(client, "nobody@example.org")
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.verify("nobody@example.org", "a wrong password")


def test_many_guesses_at_once_get_no_more_tries(launch):
    client = launch(*flags(account=3)).client
    client.create_user(random_id(), "ada@example.org")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: attempt(client, "ada@example.org", f"guess {n}"),
                                range(16)))
    assert answers.count(StatusCode.UNAUTHENTICATED) <= 3
    assert set(answers) == {StatusCode.UNAUTHENTICATED, StatusCode.RESOURCE_EXHAUSTED}


def test_a_peer_is_closed_after_failures_on_many_accounts(launch):
    client = launch(*flags(peer=5)).client
    client.create_user(random_id(), "ada@example.org")
    for number in range(5):
        fail(client, f"guess-{number}@example.org")
    with status(StatusCode.RESOURCE_EXHAUSTED):
        client.verify("ada@example.org")
    # Only logins are closed to it.
    client.profiles(random_id())


def test_a_peer_is_its_address_not_its_connection(launch):
    server = launch(*flags(peer=4))
    for number in range(4):
        fail(server.client, f"guess-{number}@example.org")
        server.disconnect()
    with status(StatusCode.RESOURCE_EXHAUSTED):
        server.client.verify("another@example.org")


def test_logins_that_succeed_are_not_limited(launch):
    client = launch(*flags(account=2, peer=2)).client
    user_id = random_id()
    client.create_user(user_id, "ada@example.org")
    for _ in range(6):
        assert client.verify("ada@example.org") == user_id


def test_requests_go_on_while_passwords_are_hashed(launch):
    """Hashing has threads of its own: reads must not wait for a queue of passwords."""
    server = launch("--password-threads", "1")
    calls = creations(server, 60)
    server.client.profiles(random_id())
    assert not all(call.done() for call in calls)
    for call in calls:
        call.result(timeout=seconds(60))
