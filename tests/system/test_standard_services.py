"""What every gRPC server offers: reflection and health; and a choice of services."""

import pathlib

import grpc
import pytest
from google.protobuf import descriptor_pb2

from support import stubs
from support.client import FUTURE_SERVICES, SERVICES, message, methods
from support.expect import StatusCode, status
from support.ids import random_id

# What clients of any implementation of KillrVideo rely on; not made from our own .proto files.
CONTRACT = pathlib.Path(__file__).parent / "data" / "contract.txt"

SERVING = stubs.health.HealthCheckResponse.SERVING


def health(client, service):
    """The service's status; None if the health service does not know it."""
    try:
        return client.health.Check(stubs.health.HealthCheckRequest(service=service)).status
    except grpc.RpcError as error:
        assert error.code() == StatusCode.NOT_FOUND
        return None


def reflect(client, **request):
    asked = stubs.reflection.ServerReflectionRequest(**request)
    answer, = client.reflection.ServerReflectionInfo(iter([asked]))
    return answer


def test_reflection_lists_the_services(client):
    listed = {service.name for service
              in reflect(client, list_services="").list_services_response.service}
    assert set(SERVICES) <= listed
    assert "grpc.health.v1.Health" in listed


@pytest.mark.parametrize("service", SERVICES)
def test_reflection_describes_them_as_the_contract_does(client, service):
    files = reflect(client, file_containing_symbol=service).file_descriptor_response
    described = [descriptor_pb2.FileDescriptorProto.FromString(data)
                 for data in files.file_descriptor_proto]
    expected = descriptor_pb2.FileDescriptorProto()
    SERVICES[service].DESCRIPTOR.CopyToProto(expected)
    ours, = [file for file in described if file.name == expected.name]
    for kind in ("service", "message_type", "enum_type"):
        names = [item.name for item in getattr(expected, kind)]
        assert [item.name for item in getattr(ours, kind)] == names
    for theirs, mine in zip(expected.message_type, ours.message_type):
        assert [(field.name, field.number, field.type) for field in mine.field] == [
            (field.name, field.number, field.type) for field in theirs.field]


def contract():
    """The packages of the contract: for each the lines that describe it, in any order."""
    packages = {}
    for line in CONTRACT.read_text().splitlines():
        if line.startswith("package "):
            lines = packages[line.removeprefix("package ")] = set()
        elif line and not line.startswith("#"):
            lines.add(line)
    return packages


def described(file):
    """What a file that is served says, in the notation of the contract."""
    def short(name):
        return name.rsplit(".", 1)[1]

    def field(one):
        kind = descriptor_pb2.FieldDescriptorProto.Type.Name(one.type).removeprefix("TYPE_").lower()
        repeated = "repeated " if one.label == one.LABEL_REPEATED else ""
        kind = short(one.type_name) if one.type_name else kind
        return f"{one.number} {one.name} {repeated}{kind}"

    for service in file.service:
        yield f"service {service.name}"
        for method in service.method:
            assert not method.client_streaming and not method.server_streaming
            yield (f"method {method.name}: "
                   f"{short(method.input_type)} -> {short(method.output_type)}")
    for message_type in file.message_type:
        fields = "; ".join(map(field, sorted(message_type.field, key=lambda one: one.number)))
        yield f"message {message_type.name}: {fields}".rstrip()
    for enum in file.enum_type:
        yield f"enum {enum.name}: " + "; ".join(f"{one.number} {one.name}" for one in enum.value)


@pytest.mark.parametrize("package", contract())
def test_what_is_served_is_the_contract(client, package):
    lines = contract()[package]
    names = [line.split()[1].rstrip(":") for line in lines if line.startswith("message")]
    answer = reflect(client, file_containing_symbol=f"{package}.{names[0]}")
    files = [descriptor_pb2.FileDescriptorProto.FromString(data)
             for data in answer.file_descriptor_response.file_descriptor_proto]
    file, = [file for file in files if file.package == package]
    assert file.syntax == "proto3"
    assert set(described(file)) == lines


def test_each_service_and_the_server_as_a_whole_are_serving(client):
    for service in ("", *SERVICES):
        assert health(client, service) == SERVING


def test_what_is_not_there_is_not_serving(client):
    for service in (*FUTURE_SERVICES, "no.such.Service"):
        assert health(client, service) != SERVING


def test_services_to_come_are_unimplemented(client):
    for name, *_ in methods(FUTURE_SERVICES):
        with status(StatusCode.UNIMPLEMENTED):
            client.send(name, message(name))


@pytest.mark.parametrize("chosen", ["users,comments", "statistics"])
def test_a_process_may_run_some_of_the_services(launch, chosen):
    client = launch("--services", chosen).client
    names = {"users": "UserManagementService", "comments": "CommentsService",
             "statistics": "StatisticsService"}
    running = {names[name] for name in chosen.split(",")}
    for service in SERVICES:
        assert (health(client, service) == SERVING) == (service.rsplit(".", 1)[1] in running)
    for name, path, *_ in methods(SERVICES):
        expected = (StatusCode.INVALID_ARGUMENT if path.split("/")[1].rsplit(".", 1)[1] in running
                    else StatusCode.UNIMPLEMENTED)
        with status(expected):
            client.send(name, message(name))


def test_health_can_be_watched_and_tells_of_the_end(launch):
    server = launch("--shutdown-grace", "1")
    seen = []
    watched = server.client.health.Watch(stubs.health.HealthCheckRequest(
        service="killrvideo.comments.CommentsService"))
    seen.append(next(watched).status)
    assert seen == [SERVING]
    server.process.terminate()
    try:
        for response in watched:
            seen.append(response.status)
    except grpc.RpcError as error:
        assert error.code() in (StatusCode.UNAVAILABLE, StatusCode.CANCELLED)
    assert SERVING not in seen[1:]
    server.ended()


def test_reads_of_one_service_do_not_need_another(launch):
    server = launch()
    video_id, user_id = random_id(), random_id()
    server.client.submit(video_id, user_id)
    server.stop()
    only = launch("--services", "ratings", data_dir=server.data_dir).client
    only.rate(video_id, user_id, 4)
    assert only.rating(video_id) == (1, 4)
