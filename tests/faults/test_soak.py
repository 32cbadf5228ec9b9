"""Random faults, one after the other, for as long as one likes (`make soak`)."""

import os
import random
import time

import pytest

from load import Load

SECONDS = float(os.environ.get("KILLRVIDEO_SOAK_SECONDS", "20"))


def killed(cluster, node, choice):
    cluster.kill(node)
    time.sleep(choice.uniform(0, 15))
    cluster.start(node)


def frozen(cluster, node, choice):
    cluster.pause(node)
    time.sleep(choice.uniform(0, 20))
    cluster.resume(node)


def restarted(cluster, node, choice):
    cluster.start(node)


@pytest.mark.timeout(SECONDS + 900)
def test_random_faults(cluster, launch, report):
    seed = random.randrange(1_000_000)
    choice = random.Random(seed)
    servers = [launch(), launch()]
    with Load(servers, clients=8, seed=seed) as load:
        end = time.monotonic() + SECONDS
        faults = 0
        while time.monotonic() < end:
            load.go_on(200)
            fault, node = choice.choice([killed, frozen, restarted]), choice.choice(cluster.nodes)
            with load.trouble():
                fault(cluster, node, choice)
            faults += 1
        load.succeeds_again()
    report(f"seed {seed}, {faults} faults: {load.report()}")
    load.check_failures()
    load.check(*servers, delivered=True)
