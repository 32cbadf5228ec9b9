"""Creations of accounts, which take the server long: each has a password to hash."""

from . import stubs
from .ids import random_id
from .waiting import eventually


def creations(server, count):
    """Calls that are in flight: the server has begun all of them, and its one thread that hashes
    passwords has most of them before it."""
    calls = [server.client.users.CreateUser.future(stubs.users.CreateUserRequest(
        user_id=stubs.common.Uuid(value=random_id()), first_name="Ada", last_name="Lovelace",
        email=f"{number}@example.org", password="a password")) for number in range(count)]

    def begun():
        metrics = server.get("/metrics")[1]
        return count == sum(
            int(line.rsplit(" ", 1)[1]) for line in metrics.splitlines()
            if line.startswith(("killrvideo_rpc_in_flight", "killrvideo_rpc_requests_total"))
            and '"CreateUser"' in line)
    eventually(begun, 10, "begin of all calls")
    assert not all(call.done() for call in calls)
    return calls
