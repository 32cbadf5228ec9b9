"""Java servers: their jars, fetched by Maven into a cache, and what runs them."""

import fcntl
import hashlib
import pathlib
import shutil
import subprocess

from .failure import Failure
from .node import program

HERE = pathlib.Path(__file__).parent


def java():
    return program("java", "openjdk-17-jre-headless")


def install(kind, cache, release=None, poms=HERE):
    """Makes sure that the jars which <kind>/pom.xml names are in the cache; returns the folder.

    Of another release than the usual one if the file has a property `release`.
    """
    pom = poms / kind / "pom.xml"
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    if release:
        kind = f"{kind}-{release}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Tests that run at the same time start servers.
        return _install(kind, cache / kind, pom, wanted, release)


def _install(kind, home, pom, wanted, release):
    stamp = home / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return home / "jars"
    print(f"getting the jars of {kind}", flush=True)
    # Aside first, so that what a failure leaves is never taken for the whole.
    fresh = home.with_name(f"{kind}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    done = subprocess.run(
        [program("mvn", "maven"), "--batch-mode", "--quiet", "--file", pom,
         "dependency:copy-dependencies", "-DincludeScope=runtime",
         f"-DoutputDirectory={fresh / 'jars'}", *([f"-Drelease={release}"] if release else [])],
        text=True, capture_output=True)
    if done.returncode:
        raise Failure(f"cannot get the jars of {kind}:\n{(done.stdout + done.stderr)[-3000:]}")
    (fresh / "installed").write_text(wanted)
    shutil.rmtree(home, ignore_errors=True)
    fresh.rename(home)
    return home / "jars"
