"""Users: accounts, their uniqueness, logins and profiles."""

import re
import threading

import grpc
import pytest

from support.expect import StatusCode, status
from support.ids import random_id
from support.waiting import SLOWDOWN

pytestmark = pytest.mark.concurrent

EVERY_ENGINE = True

TAKEN = "Exception creating user because it already exists for "


def email():
    return f"ada-{random_id()}@example.org"


def at_once(*actions):
    """Runs the actions at the same moment; what each gave: True, or its status code."""
    results = [None] * len(actions)
    gate = threading.Barrier(len(actions))

    def run(index, action):
        gate.wait()
        try:
            action()
            results[index] = True
        except grpc.RpcError as error:
            results[index] = error.code()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_created_user_has_a_profile_and_can_log_in(client):
    user_id, address = random_id(), email()
    client.create_user(user_id, address, "correct horse", "Grace", "Hopper")
    profile, = client.profiles(user_id)
    assert profile.user_id.value == user_id
    assert (profile.first_name, profile.last_name, profile.email) == ("Grace", "Hopper", address)
    assert client.verify(address, "correct horse") == user_id


def test_ids_are_taken_in_any_case_and_answered_in_lower_case(client):
    user_id, address = random_id(), email()
    client.create_user(user_id.upper(), address)
    profile, = client.profiles(user_id.upper())
    assert profile.user_id.value == user_id
    assert client.verify(address) == user_id


def test_names_are_trimmed(client):
    user_id = random_id()
    client.create_user(user_id, email(), first_name="  Åsa\t", last_name="\u00a0O'Neill ")
    profile, = client.profiles(user_id)
    assert profile.first_name == "Åsa"
    assert profile.last_name.strip() == "O'Neill"


def test_a_taken_email_is_refused_with_the_text_that_clients_search_for(client):
    first, address = random_id(), email()
    client.create_user(first, address)
    second = random_id()
    with status(StatusCode.ALREADY_EXISTS) as seen:
        client.create_user(second, address)
    assert seen.details == TAKEN + address
    assert list(client.profiles(second)) == []
    assert client.verify(address) == first


def test_creating_the_same_user_twice_is_refused(client):
    user_id, address = random_id(), email()
    client.create_user(user_id, address)
    with status(StatusCode.ALREADY_EXISTS) as seen:
        client.create_user(user_id, address)
    assert seen.details == TAKEN + address


@pytest.mark.parametrize("variant", [str.upper, str.title, lambda text: f"  {text}\t"])
def test_emails_are_compared_trimmed_and_without_case(client, variant):
    user_id, address = random_id(), email()
    client.create_user(user_id, address)
    with status(StatusCode.ALREADY_EXISTS) as seen:
        client.create_user(random_id(), variant(address))
    assert seen.details.startswith(TAKEN)
    assert client.verify(variant(address)) == user_id


@pytest.mark.parametrize("one, other", [("jürgen", "JÜRGEN"), ("straße", "STRASSE"),
                                        ("ΣΊΣΥΦΟΣ", "σίσυφος")])
def test_emails_are_folded_in_all_alphabets(client, one, other):
    suffix = f"-{random_id()}@example.org"
    user_id = random_id()
    client.create_user(user_id, one + suffix)
    with status(StatusCode.ALREADY_EXISTS):
        client.create_user(random_id(), other + suffix)
    assert client.verify(other + suffix) == user_id


def test_an_email_given_in_mixed_case_can_log_in_with_any(client):
    user_id, address = random_id(), email()
    client.create_user(user_id, address.upper())
    assert client.verify(address) == user_id
    profile, = client.profiles(user_id)
    assert profile.email.casefold() == address


def test_an_id_in_use_is_refused_and_the_email_stays_free(client):
    user_id, address, other = random_id(), email(), email()
    client.create_user(user_id, address, first_name="First")
    with status(StatusCode.ALREADY_EXISTS):
        client.create_user(user_id, other, first_name="Second")
    profile, = client.profiles(user_id)
    assert (profile.first_name, profile.email) == ("First", address)
    with status(StatusCode.UNAUTHENTICATED):
        client.verify(other)
    free = random_id()
    client.create_user(free, other)
    assert client.verify(other) == free


@pytest.mark.timeout(120)
def test_of_two_creations_at_once_exactly_one_wins(client):
    for _ in range(max(20, int(200 / SLOWDOWN))):
        address, ids = email(), (random_id(), random_id())
        results = at_once(lambda: client.create_user(ids[0], address),
                          lambda: client.create_user(ids[1], address.upper()))
        assert sorted(map(str, results)) == sorted(["True", str(StatusCode.ALREADY_EXISTS)])
        winner, loser = ids if results[0] is True else reversed(ids)
        assert [profile.user_id.value for profile in client.profiles(winner, loser)] == [winner]


def test_of_two_creations_of_one_id_at_once_exactly_one_wins(client):
    for _ in range(20):
        user_id, addresses = random_id(), (email(), email())
        results = at_once(*(lambda a=a: client.create_user(user_id, a) for a in addresses))
        assert sorted(map(str, results)) == sorted(["True", str(StatusCode.ALREADY_EXISTS)])
        winner, loser = addresses if results[0] is True else reversed(addresses)
        profile, = client.profiles(user_id)
        assert profile.email == winner
        client.create_user(random_id(), loser)


def test_wrong_and_unknown_credentials_get_one_and_the_same_answer(client):
    address = email()
    client.create_user(random_id(), address, "the right one")
    answers = set()
    for credentials in ((address, "a wrong one"), (email(), "the right one"),
                        (address, "THE RIGHT ONE"), (address, " the right one"),
                        (address, "the right one ")):
        with status(StatusCode.UNAUTHENTICATED) as seen:
            client.verify(*credentials)
        answers.add(seen.details)
    assert len(answers) == 1
    assert address not in answers.pop()


def test_wrong_and_unknown_credentials_take_the_same_time(server, client):
    address = email()
    client.create_user(random_id(), address)

    def work():
        """What the server has computed, in seconds of a processor, whatever else it runs."""
        line, = re.findall(r"^process_cpu_seconds_total (\S+)$", server.get("/metrics")[1], re.M)
        return float(line)

    def work_of_failures(who):
        before = work()
        for _ in range(20):
            with status(StatusCode.UNAUTHENTICATED):
                client.verify(who, "a wrong one")
        return work() - before

    # The hash is nearly all of it: without it there is 20 times less.
    assert work_of_failures(email()) > work_of_failures(address) / 4


@pytest.mark.parametrize("password", ["x", "p" * 256, "ü" * 128, "  spaces around  ", "🎬🎥📽"])
def test_passwords_are_bytes_taken_as_they_are(client, password):
    user_id, address = random_id(), email()
    client.create_user(user_id, address, password)
    assert client.verify(address, password) == user_id
    with status(StatusCode.UNAUTHENTICATED):
        client.verify(address, password[:-1] + "?")


def test_passwords_are_stored_as_argon2id_hashes_only(server, client):
    address, password = email(), f"secret-{random_id()}"
    client.create_user(random_id(), address, password)
    rows = [row for row in server.table("user_credentials") if row["email"] == address]
    assert len(rows) == 1 and rows[0]["password"].startswith("$argon2id$")
    for path in server.data_dir.rglob("*"):
        if path.is_file():
            assert password.encode() not in path.read_bytes()


def test_profiles_come_in_the_order_asked_each_once_without_unknown_ones(client):
    known = [random_id() for _ in range(4)]
    for user_id in known:
        client.create_user(user_id, email())
    asked = [known[2], random_id(), known[0], known[2].upper(), known[3], known[0], known[1]]
    answered = [profile.user_id.value for profile in client.profiles(*asked)]
    assert answered == [known[2], known[0], known[3], known[1]]
    assert list(client.profiles(random_id())) == []


def test_accounts_outlive_a_restart(launch):
    server = launch()
    user_id, address = random_id(), email()
    server.client.create_user(user_id, address)
    server.restart()
    assert server.client.verify(address) == user_id
    with status(StatusCode.ALREADY_EXISTS):
        server.client.create_user(random_id(), address)
