"""Configuration by flags, environment and file: precedence, and errors that name what is wrong."""

import re
import socket

import pytest

from support.ids import random_id
from support.program import BAD_USAGE, clear_line, free_port, run

BAD_VALUES = [
    ("grpc-address", "nonsense"), ("grpc-address", "127.0.0.1"), ("grpc-address", "127.0.0.1:"),
    ("grpc-address", "127.0.0.1:x"), ("grpc-address", "127.0.0.1:65536"),
    ("grpc-address", "127.0.0.1:-1"), ("http-address", "127.0.0.1:80:80"),
    ("http-address", "8080"), ("store", "mysql"), ("services", "users,search-engine"),
    ("services", ","), ("log-level", "loud"), ("sample-data", "perhaps"),
    ("max-message-bytes", "0"), ("max-message-bytes", "-5"), ("max-message-bytes", "big"),
    ("max-in-flight", "0"), ("max-in-flight", "1.5"), ("shutdown-grace", "-1"),
    ("shutdown-grace", "soon"), ("block-cache-mb", "-1"),
    ("block-cache-mb", "99999999999999999999"),
    ("write-queue", "0"), ("password-threads", "0"), ("password-threads", "two"),
    ("login-failures-per-account", "-1"), ("login-failures-per-peer", "many"),
    ("login-window", "-1"),
]


def upper(name):
    return "KILLRVIDEO_" + name.upper().replace("-", "_")


@pytest.fixture
def toml(directory):
    def write(text):
        path = directory / "settings.toml"
        path.write_text(text)
        return path
    return write


@pytest.fixture
def check(directory):
    """Runs check-config: its output, or with another exit code its one clear line."""
    def check_config(*flags, env=None, code=0):
        done = run("check-config", *flags, env=env, code=code, cwd=directory)
        return done.stdout if code == 0 else clear_line(done.stderr)
    return check_config


# What kinds of values refuse, by the words in which a setting's help says what it takes. A new kind
# needs a row.
REFUSED = [
    (r"a whole number.* from (-?\d+) to (\d+)",
     lambda least, most: ["many", "1.5", str(int(least) - 1), str(int(most) + 1)]),
    (r"a number of bytes from (\d+) to (\d+)", lambda least, most: ["big", "0", f"{most}0"]),
    ("on or off", lambda: ["perhaps"]),
    ("one of", lambda: ["neither-of-them"]),
    ("some of", lambda: ["none-of-them", ","]),
    ("HOST", lambda: ["", "two words"]),
    ("http://HOST", lambda: ["ftp://somewhere", "http://two words"]),
    ("any text but an empty one", lambda: [""]),
    ("data cent", lambda: ["dc1", "dc1:none"]),
    ("up to 200 letters", lambda: ["two words", "x" * 201]),
    ("letters, digits, dots", lambda: ["two words"]),
    ("lower-case letters", lambda: ["UPPER", "1st"]),
    ("a name of at most 48", lambda: ["UPPER", "x" * 49]),
]


def settings():
    """Every setting of the default configuration, with its help."""
    text = run("print", "config").stdout
    for block in text.split("\n\n"):
        *comment, last = block.strip().splitlines()
        name = re.fullmatch(r"#([a-z][a-z0-9-]*) = .*", last)
        if name:
            yield name[1], " ".join(line.removeprefix("#").strip() for line in comment)


def refused_by(text):
    takes = re.search(r"\bIt takes (.*)", text)
    if not takes:
        return []
    for words, values in REFUSED:
        if found := re.match(words, takes[1]):
            return values(*found.groups())
    raise AssertionError(f"what does this refuse? {takes[0]}")


def test_every_setting_refuses_what_its_help_excludes(check):
    known = list(settings())
    assert len(known) > 60
    for name, text in known:
        for value in refused_by(text):
            assert f"--{name}" in check(f"--{name}={value}", code=BAD_USAGE), value


@pytest.mark.parametrize("name, value", BAD_VALUES)
def test_a_bad_value_is_an_error_that_names_setting_value_and_source(check, toml, name, value):
    line = check(f"--{name}={value}", code=BAD_USAGE)
    assert f"--{name}" in line and value in line
    line = check(env={upper(name): value}, code=BAD_USAGE)
    assert upper(name) in line and value in line
    path = toml(f'# comment\nlog-level = "info"\n{name} = "{value}"\n'.replace(
        'log-level = "info"\n', "" if name == "log-level" else 'log-level = "info"\n'))
    line = check("--config", path, code=BAD_USAGE)
    assert name in line and value in line and "settings.toml" in line
    assert re.search(r"settings\.toml:[23]\b", line)


@pytest.mark.parametrize("text, named", [
    ('grcp-address = "127.0.0.1:0"\n', "grcp-address"),
    ('log-level = "info"\n[storage]\nengine = "rocksdb"\n', "storage"),
    ("grpc-address = 5\n", "grpc-address"),
    ("password-threads = [1]\n", "password-threads"),
    ("sample-data = 3\n", "sample-data"),
    ('log-level = "info"\nlog-level = "debug"\n', "log-level"),
    ("log-level = \n", ":1"),
    ('log-level = "info"\nthis is no toml\n', ":2"),
    ("\x00\xff", "settings.toml"),
])
def test_a_wrong_file_is_an_error_that_names_key_file_and_line(check, toml, text, named):
    line = check("--config", toml(text), code=BAD_USAGE)
    assert named in line and "settings.toml" in line


def test_a_mistyped_key_is_told_what_it_may_have_meant(check, toml):
    assert "grpc-address" in check("--config", toml('grcp-address = "127.0.0.1:0"\n'),
                                   code=BAD_USAGE)


@pytest.mark.parametrize("path", ["missing.toml", "."])
def test_a_file_that_cannot_be_read_is_named(check, path):
    assert path in check("--config", path, code=BAD_USAGE)


@pytest.mark.parametrize("arguments, named", [
    (["serve", "--grcp-address", "127.0.0.1:0"], "--grcp-address"),
    (["serve", "--grpc-address"], "--grpc-address"),
    (["serve", "extra"], "extra"),
    (["sevre"], "sevre"),
    (["import"], "DIR"),
    (["import", "one", "two"], "two"),
    (["backup"], "TARGET"),
    (["restore"], "BACKUP"),
    (["call"], "METHOD"),
    (["generate", "--videos", "some"], "--videos"),
    (["generate", "--users", "-1"], "--users"),
    (["table", "videos", "--limit", "all"], "--limit"),
    (["print", "poem"], "poem"),
])
def test_a_wrong_command_line_is_an_error_that_names_the_culprit(directory, arguments, named):
    done = run(*arguments, code=BAD_USAGE, cwd=directory)
    assert named in clear_line(done.stderr)
    assert done.stdout == ""
    assert list(directory.iterdir()) == []


def test_serve_checks_before_it_touches_anything(launch):
    server = launch("--log-level", "loud", start=False)
    assert "log-level" in server.fails(BAD_USAGE)
    assert not server.data_dir.exists()


def test_flags_go_before_environment_before_file_before_defaults(check, toml):
    path = toml('grpc-address = "127.0.0.1:1111"\n')
    env = {"KILLRVIDEO_GRPC_ADDRESS": "127.0.0.1:2222"}
    flags = ["--config", path, "--grpc-address", "127.0.0.1:3333"]
    assert "grpc-address = 127.0.0.1:3333" in check(*flags, env=env)
    assert "grpc-address = 127.0.0.1:2222" in check(*flags[:2], env=env)
    assert "grpc-address = 127.0.0.1:1111" in check(*flags[:2])
    assert "grpc-address = 127.0.0.1:50101" in check()


def test_serve_listens_where_the_environment_says(launch):
    port = free_port()
    server = launch(env={"KILLRVIDEO_GRPC_ADDRESS": f"127.0.0.1:{port}",
                         "KILLRVIDEO_HTTP_ADDRESS": "127.0.0.1:0"}, addresses=False)
    assert server.grpc_address == f"127.0.0.1:{port}"
    assert server.client.plays(random_id())


def test_serve_listens_where_the_file_says_and_keeps_data_there(launch, directory, toml):
    port = free_port()
    path = toml(f'grpc-address = "127.0.0.1:{port}"\nhttp-address = "127.0.0.1:0"\n'
                f'services = "statistics"\nlog-level = "warn"\n')
    server = launch("--config", path, addresses=False)
    assert server.grpc_address == f"127.0.0.1:{port}"
    assert server.client.plays(random_id())


@pytest.mark.parametrize("host", ["localhost", "[::1]", "0.0.0.0"])
def test_hosts_may_be_names_and_addresses_of_any_family(launch, host):
    if host == "[::1]" and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    server = launch("--grpc-address", f"{host}:0", "--http-address", f"{host}:0")
    for address in (server.grpc_address, server.http_address):
        assert re.search(r":[1-9]\d*$", address)
    assert server.client.plays(random_id())
    assert server.get("/readyz")[0] == 200


def test_the_contracts_name_for_the_port_replaces_the_port(launch, check, toml):
    port = free_port()
    env = {"KILLRVIDEO_SERVICE_PORT": str(port)}
    path = toml('grpc-address = "127.0.0.2:1111"\n')
    assert f"grpc-address = 127.0.0.1:{port}" in check(env=env)
    assert f"grpc-address = 127.0.0.2:{port}" in check("--config", path, env=env)
    # A flag goes before the environment here too.
    assert "grpc-address = 127.0.0.1:3333" in check("--grpc-address", "127.0.0.1:3333", env=env)
    server = launch(env={**env, "KILLRVIDEO_HTTP_ADDRESS": "127.0.0.1:0"}, addresses=False)
    assert server.grpc_address == f"127.0.0.1:{port}"


@pytest.mark.parametrize("port", ["x", "65536", "-1", "127.0.0.1:80"])
def test_a_bad_port_in_the_contracts_name_is_named(check, port):
    line = check(env={"KILLRVIDEO_SERVICE_PORT": port}, code=BAD_USAGE)
    assert "KILLRVIDEO_SERVICE_PORT" in line and port in line


@pytest.mark.parametrize("word, shown", [
    ("DEBUG", {"debug", "info"}), ("Info", {"info"}), ("verbose", {"debug", "info"}),
    ("SILLY", {"debug", "info"}), ("Warning", set()), ("fatal", set()), ("error", set()),
    ("trace", {"debug", "info"})])
def test_the_contracts_name_for_the_log_level_takes_any_usual_word(launch, word, shown):
    server = launch(env={"KILLRVIDEO_LOGGING_LEVEL": word})
    server.client.plays(random_id())
    server.stop()
    assert levels(server.log) - {"trace"} == shown


def test_a_bad_log_level_in_the_contracts_name_is_named(check):
    line = check(env={"KILLRVIDEO_LOGGING_LEVEL": "loud"}, code=BAD_USAGE)
    assert "KILLRVIDEO_LOGGING_LEVEL" in line


def test_names_that_deployments_set_for_other_engines_do_no_harm(launch):
    server = launch(env={
        "KILLRVIDEO_SERVICE_HOST": "10.0.0.1", "KILLRVIDEO_DSE_CONTACT_POINTS": "dse1,dse2",
        "KILLRVIDEO_DSE_USERNAME": "cassandra", "KILLRVIDEO_DSE_PASSWORD": "hunter22",
        "KILLRVIDEO_KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
        "KILLRVIDEO_ETCD_ENDPOINTS": "etcd:2379"})
    assert server.client.plays(random_id())
    assert "hunter22" not in server.log


def test_a_host_name_does_no_harm_where_there_is_no_registry(launch):
    server = launch(env={"KILLRVIDEO_SERVICE_HOST": "web-1.example.org"})
    assert server.client.plays(random_id())


@pytest.mark.parametrize("arguments", [
    ["serve", "--data-dir", "--videos"], ["serve", "--data-dir"],
    ["generate", "--users", "--videos", "3"], ["generate", "--data-dir", "--users", "3"],
    ["import", "--data-dir", "--store", "rocksdb", "csv"],
    ["backup", "--data-dir", "--", "target"]])
def test_a_flag_does_not_take_the_next_one_for_its_value(directory, arguments):
    done = run(*arguments, code=BAD_USAGE, cwd=directory)
    flag = next(word for word in arguments if word.startswith("--"))
    assert f"{flag} needs a value" in clear_line(done.stderr)
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("name", ["--strange", "-x", "-", "--help"])
def test_a_value_behind_an_equals_sign_may_look_like_a_flag(directory, name):
    run("generate", "--users", "1", "--videos", "1", f"--data-dir={name}", cwd=directory)
    assert [path.name for path in directory.iterdir()] == [name]


@pytest.mark.parametrize("flags, tables", [
    (["--apply"], False), (["--apply=on"], False), (["--apply", "on"], False),
    (["--apply", "--log-level", "warn"], False), (["--apply=off"], True), ([], True)])
def test_a_flag_that_is_on_or_off_needs_no_value(directory, flags, tables):
    done = run("schema", *flags, "--data-dir", directory / "data")
    assert ("CREATE TABLE" in done.stdout) == tables
    assert (directory / "data").exists() != tables


@pytest.mark.parametrize("way", ["flag", "joined flag", "environment", "file"])
def test_a_path_may_begin_with_the_home_directory(directory, toml, way):
    """The shell replaces the tilde at the beginning of a word only."""
    flags, env = [], {"HOME": str(directory)}
    if way == "flag":
        flags = ["--data-dir", "~/data"]
    elif way == "joined flag":
        flags = ["--data-dir=~/data"]
    elif way == "environment":
        env["KILLRVIDEO_DATA_DIR"] = "~/data"
    else:
        toml('data-dir = "~/data"\n')
        flags = ["--config=~/settings.toml"]
    (directory / "elsewhere").mkdir()
    run("generate", "--users", "1", "--videos", "1", *flags, env=env, cwd=directory / "elsewhere")
    run("backup", "~/copy", *flags, env=env, cwd=directory / "elsewhere")
    assert (directory / "data" / "store").is_dir() and (directory / "copy").is_dir()
    assert list((directory / "elsewhere").iterdir()) == []


def test_the_home_of_another_user_is_refused_and_not_made(directory):
    done = run("generate", "--users", "1", "--data-dir", "~root", cwd=directory, code=BAD_USAGE)
    assert "~root" in clear_line(done.stderr)
    assert list(directory.iterdir()) == []


def levels(log):
    return set(re.findall(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (\w+) ", log, re.M))


@pytest.mark.parametrize("level, shown", [
    ("debug", {"debug", "info"}), ("info", {"info"}), ("warn", set()), ("error", set())])
def test_the_log_shows_what_its_level_says(launch, level, shown):
    server = launch("--log-level", level)
    server.client.submit(random_id(), random_id())
    server.stop()
    assert levels(server.log) == shown


def test_the_default_configuration_is_printed_and_valid(check, toml):
    text = run("print", "config").stdout
    assert check("--config", toml(text))
    for name, _ in BAD_VALUES:
        assert re.search(rf"^#?\s*{name} = ", text, re.M)
    # Its commented settings are right too, but for those that name files one must have, and the
    # users whose passwords are in them.
    settings = [line.lstrip("# ") for line in text.splitlines()
                if re.match(r"#? ?[a-z-]+ = ", line)]
    settings = [line for line in settings
                if '"FILE"' not in line
                and not line.startswith(("etcd-username", "kafka-username", "opensearch-username"))]
    assert len(settings) >= 10
    assert check("--config", toml("\n".join(settings) + "\n"))
