"""One node of three in trouble, under load: it must not show."""

import time

import pytest

from load import Load
from support.outbox import KEEPING_EVENTS

pytestmark = pytest.mark.timeout(900)


def each(cluster, load, nodes, leave):
    """One after the other of these nodes leaves, and comes back."""
    for node in nodes:
        leave(node)
        load.go_on(150)
        cluster.start(node)
        load.go_on(150)


def kill_one(cluster, load):
    each(cluster, load, ["n2"], cluster.kill)


def kill_each_in_turn(cluster, load):
    each(cluster, load, cluster.nodes, cluster.kill)


def restart_each_in_turn(cluster, load):
    each(cluster, load, cluster.nodes, cluster.stop)


def freeze_one(cluster, load):
    cluster.pause("n3")
    time.sleep(30)
    cluster.resume("n3")


@pytest.mark.parametrize("fault", [kill_one, kill_each_in_turn, freeze_one, restart_each_in_turn])
def test_a_node_in_trouble_does_not_show(cluster, launch, report, fault):
    server = launch(*KEEPING_EVENTS)
    with Load([server]) as load:
        load.go_on(300)
        with load.trouble():
            fault(cluster, load)
        load.go_on(300)
        load.succeeds_again()
    report(load.report())
    load.check_failures()
    load.check(server)
