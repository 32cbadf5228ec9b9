"""The program itself killed, and several of it at work at once."""

import threading

import grpc
import pytest

from load import Load
from support import search
from support.client import Client
from support.expect import StatusCode
from support.ids import random_id
from support.outbox import KEEPING_EVENTS

pytestmark = pytest.mark.timeout(600)


@pytest.mark.short
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(cluster, launch, report):
    server = launch(*KEEPING_EVENTS)
    for seed in range(2):
        with Load([server], seed=seed) as load:
            load.go_on(300)
            server.kill()
        server.start()
        load.check(server)
        report(load.report())


@pytest.mark.short
def test_of_two_creations_of_a_user_at_once_exactly_one_wins(cluster, launch):
    """Through two processes, which ask all nodes in turn. (No setting binds a process to one: that
    is what a driver is for.)"""
    servers = [launch("--cassandra-contact-points", address, "--cassandra-load-balancing",
                      "round-robin") for address in cluster.addresses[:2]]
    clients = [Client(server.grpc_address) for server in servers]

    def create(client, barrier, user_id, email, outcomes):
        barrier.wait()
        try:
            client.create_user(user_id, email)
            outcomes.append("created")
        except grpc.RpcError as error:
            outcomes.append(error.code())

    for number in range(200):
        email, barrier, outcomes = f"racer{number}@example.org", threading.Barrier(2), []
        user_ids = [random_id(), random_id()]
        threads = [threading.Thread(target=create, args=[client, barrier, user_id, email, outcomes])
                   for client, user_id in zip(clients, user_ids)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes)) == sorted(["created", str(StatusCode.ALREADY_EXISTS)])
        assert clients[0].verify(email) in user_ids
    for client in clients:
        client.close()


@pytest.mark.short
def test_an_id_that_comes_back_with_other_words(cluster, launch):
    search.find_an_id_that_comes_back([launch(), launch()])
