"""The log of a real server, as an operator's tools read it."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from chat.feed import group_name
from e2e.servers import Server, free_port
from mysite import logs
from mysite.__main__ import NO_ADMINISTRATOR

Line = dict[str, Any]
ID = "from-the-proxy-1"


@contextmanager
def running(folder: Path, *, application: str = "mysite.asgi:application", **environment: Any) -> Iterator[Server]:
    server = Server(folder, application=application, **({"LOG_FORMAT": "json"} | environment))
    server.manage("migrate", "--verbosity", "0")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("log")) as server:
        yield server


def lines(server: Server) -> list[Line]:
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def line(server: Server, is_it: Callable[[Line], bool]) -> Line:
    """The one that is, as soon as it is written."""
    deadline = time.monotonic() + 10
    while not (found := [line for line in lines(server) if is_it(line)]):
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.01)
    assert len(found) == 1
    return found[0]


def of_request(request_id: str, message: str = "") -> Callable[[Line], bool]:
    return lambda line: line.get("request_id") == request_id and line["message"].startswith(message)


def socket(server: Server, path: str = "/ws/chat/lobby/", **options: Any) -> ClientConnection:
    return connect(server.ws + path, origin=server.url, subprotocols=["chat.v1"], **options)


def test_a_request_is_one_line_under_the_id_that_the_proxy_gave(server: Server) -> None:
    answer = httpx.get(f"{server.url}/chat/lobby/?secret=hunter2", headers={"X-Request-ID": ID})
    assert answer.headers["x-request-id"] == ID
    told = line(server, of_request(ID))
    assert told.pop("ms") > 0
    assert time.time() - time.mktime(time.strptime(told.pop("time"), "%Y-%m-%dT%H:%M:%S.%fZ")) < 60 * 60 * 24
    assert told.pop("server").endswith(f"-{server.pid}")
    assert told == {
        "level": "INFO",
        "logger": "chat.observed.access_log",
        "message": "GET /chat/lobby/ 200",
        "request_id": ID,
        "method": "GET",
        "path": "/chat/lobby/",
        "status": 200,
    }


@pytest.mark.parametrize("given", ["short", "x" * 65, 'a"b"c"d"e', "line breaks", "ünïcödé-ünïcödé"])
def test_an_id_that_is_not_well_formed_is_replaced(server: Server, given: str) -> None:
    answer = httpx.get(f"{server.url}/healthz", headers={"X-Request-ID": given.encode()})
    assert len(answer.headers["x-request-id"]) == 16


def test_every_request_has_an_id_of_its_own(server: Server) -> None:
    ids = {httpx.get(f"{server.url}/healthz").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("path", ["/nowhere/", "/chat/lobby/", "/chat/lobby/poll/"])
def test_nothing_that_an_address_carries_as_its_query_is_told(server: Server, path: str) -> None:
    secret = f"hunter2{len(path)}"
    httpx.get(f"{server.url}{path}?wait=0&token={secret}")
    httpx.get(f"{server.url}{path}?token={secret}", headers={"Host": "not.ours"})
    line(server, lambda line: line.get("path") == path and line.get("status") == 400)
    assert secret not in server.log.read_text()


def test_probes_are_told_of_only_when_they_fail(server: Server) -> None:
    httpx.get(f"{server.url}/healthz", headers={"X-Request-ID": "silent-probe"})
    httpx.get(f"{server.url}/metrics", headers={"X-Request-ID": "failing-probe", "Via": "a proxy"})
    assert line(server, of_request("failing-probe"))["status"] == 404
    assert not [line for line in lines(server) if line.get("request_id") == "silent-probe"]


def test_a_websocket_is_two_lines_under_one_id(server: Server) -> None:
    with socket(server, additional_headers={"X-Request-ID": "a-websocket"}) as ada:
        you = json.loads(ada.recv(timeout=5))["you"]["id"]
        opened = line(server, of_request("a-websocket", "websocket open"))
        assert (opened["room"], opened["transport"], opened["identity"]) == ("lobby", "websocket", you)
        for _ in range(3):
            ada.send(b"\0")
        closed = line(server, of_request("a-websocket", "websocket closed"))
    assert (closed["room"], closed["identity"], closed["code"]) == ("lobby", you, 4400)
    assert 0 < closed["seconds"] < 10


def test_a_client_that_leaves_is_told_of_with_its_code(server: Server) -> None:
    with socket(server, additional_headers={"X-Request-ID": "one-who-leaves"}) as ada:
        ada.recv(timeout=5)
        ada.close(code=3999)
    assert line(server, of_request("one-who-leaves", "websocket closed"))["code"] == 3999


def test_a_websocket_that_is_refused_is_one_line(server: Server) -> None:
    with socket(server, "/ws/nowhere/", additional_headers={"X-Request-ID": "nowhere-to-go"}) as ada:
        ada.recv(timeout=5)
    refused = line(server, of_request("nowhere-to-go"))
    assert (refused["path"], refused["code"]) == ("/ws/nowhere/", 4404)


def test_a_stream_is_told_of_as_it_opens_and_as_it_ends(server: Server) -> None:
    with httpx.stream("GET", f"{server.url}/chat/lobby/events/", headers={"X-Request-ID": "an-sse-stream"}) as stream:
        heard = stream.iter_lines()
        next(heard)
        line(server, of_request("an-sse-stream", "events open"))
    assert line(server, of_request("an-sse-stream", "events closed"))["seconds"] > 0
    assert line(server, of_request("an-sse-stream", "GET"))["status"] == 200


def test_start_and_stop_are_told(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        pass
    hint, *told = [line["message"] for line in lines(server)]
    assert hint.startswith(NO_ADMINISTRATOR)
    assert told == ["started", "stopped"]


def test_what_uvicorn_complains_of_is_json_too(server: Server, tmp_path: Path) -> None:
    second = Server(tmp_path, LOG_FORMAT="json")
    second.port = server.port
    second.start(ready=False)
    assert second.process
    second.process.wait(20)
    complaint = line(second, lambda line: line["level"] == "ERROR")
    assert complaint["logger"] == "uvicorn.error"
    assert "address already in use" in complaint["message"]


def test_a_failure_is_one_line_with_its_traceback_under_the_requests_id(tmp_path: Path) -> None:
    with running(tmp_path, application="mysite.tests.failing:application") as server:
        httpx.get(f"{server.url}/", headers={"X-Request-ID": "this-one-fails"})
        failure = line(server, lambda line: line["level"] == "ERROR")
        assert failure["request_id"] == "this-one-fails"
        assert "RuntimeError: as planted" in failure["exc_info"]


def test_what_goes_on_beyond_a_request_does_not_bear_its_id(tmp_path: Path) -> None:
    with running(tmp_path, REDIS_URL=f"redis://127.0.0.1:{free_port()}") as server:
        with socket(server, additional_headers={"X-Request-ID": "the-first-one"}) as ada:
            ada.recv(timeout=10)
            warning = line(server, lambda line: group_name("lobby") in line["message"])
        assert "request_id" not in warning


def test_under_daphne_it_is_the_same(tmp_path: Path) -> None:
    server = Server(tmp_path, daphne=True, LOG_FORMAT="json")
    server.manage("migrate", "--verbosity", "0")
    server.start()
    try:
        assert httpx.get(f"{server.url}/chat/", headers={"X-Request-ID": ID}).headers["x-request-id"] == ID
        while "GET /chat/ 200" not in server.log.read_text():  # it is written after the answer was sent
            time.sleep(0.01)
        with socket(server, additional_headers={"X-Request-ID": "a-websocket"}) as ada:
            ada.recv(timeout=5)
    finally:
        server.stop()
    told = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    messages = [line["message"] for line in told if line.get("request_id") in (ID, "a-websocket")]
    assert messages == ["GET /chat/ 200", "websocket open", "websocket closed"]


@pytest.mark.parametrize("settings", [{"LOG_FORMAT": ""}, {"LOG_LEVEL": "WARNING"}])
def test_text_or_a_higher_level_tells_of_no_request(tmp_path: Path, settings: dict[str, str]) -> None:
    with running(tmp_path, **settings) as server:
        httpx.get(f"{server.url}/chat/")
        with socket(server) as ada:
            ada.recv(timeout=5)
    assert all(NO_ADMINISTRATOR in line for line in server.log.read_text().splitlines())


def test_a_request_with_a_bad_host_and_a_long_address_costs_one_short_line() -> None:
    error = (ValueError, ValueError("x"), None)
    record = logging.LogRecord("django.security.DisallowedHost", logging.ERROR, "", 1, "%s", ("x" * 4000,), error)
    assert logs.ShortOfStrangers().filter(record)
    assert logging.Formatter().format(record) == "x" * logs.LINE_MAX


def test_what_fails_here_keeps_its_traceback() -> None:
    error = (ValueError, ValueError("x"), None)
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "/chat/", (), error)
    assert logs.ShortOfStrangers().filter(record)
    assert "ValueError" in logging.Formatter().format(record)
