"""Help, version, man page and completion: all from one table of settings."""

import re
import shutil
import subprocess

import pytest

from support.program import BINARY, environment, run

COMMANDS = ["serve", "import", "generate", "backup", "restore", "table", "schema", "check-config",
            "version", "call", "print"]

SERVE_FLAGS = ["--data-dir", "--grpc-address", "--http-address", "--store", "--services",
               "--config", "--log-level", "--sample-data", "--tls-certificate", "--tls-key",
               "--tls-client-ca", "--max-message-bytes", "--max-in-flight", "--shutdown-grace",
               "--block-cache-mb", "--write-queue", "--password-threads",
               "--login-failures-per-account", "--login-failures-per-peer", "--login-window",
               "--cassandra-contact-points", "--cassandra-local-dc", "--cassandra-keyspace",
               "--cassandra-replication", "--cassandra-username", "--cassandra-password-file",
               "--cassandra-tls", "--cassandra-tls-ca", "--cassandra-tls-certificate",
               "--cassandra-tls-key", "--cassandra-tls-verify-host", "--cassandra-consistency",
               "--cassandra-retry", "--cassandra-speculative-attempts",
               "--cassandra-request-timeout-ms", "--cassandra-connections-per-node",
               "--etcd-endpoints", "--etcd-api", "--etcd-lease", "--etcd-username",
               "--etcd-password-file", "--etcd-tls-ca", "--etcd-tls-certificate", "--etcd-tls-key",
               "--opensearch-url", "--opensearch-username", "--opensearch-password-file",
               "--opensearch-tls-ca", "--opensearch-tls-certificate", "--opensearch-tls-key",
               "--opensearch-prefix", "--opensearch-shards", "--opensearch-replicas",
               "--opensearch-search-ms", "--opensearch-write-ms",
               "--service-host", "--application-name", "--application-instance",
               "--kafka-bootstrap-servers", "--kafka-tls", "--kafka-tls-ca",
               "--kafka-tls-certificate", "--kafka-tls-key", "--kafka-sasl-mechanism",
               "--kafka-username", "--kafka-password-file", "--kafka-group-prefix",
               "--kafka-dead-letter-topic", "--kafka-partitions", "--kafka-replication-factor"]


def test_help_tells_of_every_command():
    text = run("--help").stdout
    for command in COMMANDS:
        assert re.search(rf"^\s+{command}\b.*\w", text, re.M), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(command, directory):
    done = run(command, "--help", cwd=directory)
    assert command in done.stdout
    assert done.stderr == ""
    assert list(directory.iterdir()) == []


def test_help_and_man_page_tell_of_every_flag():
    for text in (run("serve", "--help").stdout,
                 run("print", "man").stdout.replace("\\-", "-")):
        for flag in SERVE_FLAGS:
            assert re.search(rf"{flag}\b", text), flag


def test_the_man_page_tells_exit_codes_and_environment_names():
    text = run("print", "man").stdout.replace("\\-", "-").replace("\\_", "_")
    for name in ("KILLRVIDEO_DATA_DIR", "KILLRVIDEO_SERVICE_PORT", "KILLRVIDEO_LOGGING_LEVEL"):
        assert name in text
    assert "EXIT STATUS" in text
    for command in COMMANDS:
        assert command in text


def test_the_man_page_is_proper_roff():
    text = run("print", "man").stdout
    assert text.startswith((".TH", ".\\\""))
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8"], input=text, text=True,
                              capture_output=True)
        assert (done.returncode, done.stderr) == (0, "")


def complete(*words):
    """What bash would offer for the last word."""
    script = run("print", "bash-completion").stdout + """
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
    function=$(complete -p killrvideo | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    "$function" killrvideo "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", *words], text=True,
                          capture_output=True, env=environment(), check=True)
    assert done.stderr == ""
    return {word.strip() for word in done.stdout.split("\n") if word.strip()}


def test_completion_knows_commands_flags_and_words():
    assert set(COMMANDS) <= complete("killrvideo", "")
    assert complete("killrvideo", "che") == {"check-config"}
    assert set(SERVE_FLAGS) <= complete("killrvideo", "serve", "--")
    assert complete("killrvideo", "serve", "--grpc") == {"--grpc-address"}
    assert {"debug", "warn"} <= complete("killrvideo", "serve", "--log-level", "")
    assert complete("killrvideo", "serve", "--store", "r") == {"rocksdb"}
    assert "--seed" in complete("killrvideo", "generate", "--s")
    assert {"man", "bash-completion", "config"} <= complete("killrvideo", "print", "")


def test_the_version_is_told():
    for arguments in (["version"], ["--version"]):
        assert re.search(r"\b\d+\.\d+\.\d+", run(*arguments).stdout)


def test_without_a_command_there_is_help():
    assert run().stdout == run("--help").stdout


def test_help_works_without_a_terminal_or_a_home():
    done = subprocess.run([BINARY, "--help"], env={}, text=True, capture_output=True)
    assert done.returncode == 0 and "serve" in done.stdout
