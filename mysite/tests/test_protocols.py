"""What a client may not do to the server's lines, whatever it sends or leaves out."""

import json
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.servers import Server

UPGRADE = (
    "GET /ws/chat/lobby/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: chat.v1\r\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("protocols"), CHAT_RATE_LIMIT="20/10s", LOG_FORMAT="json")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def line(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=15)


def answer(server: Server, data: bytes) -> bytes:
    """The first line of what comes back, until the server closes."""
    with line(server) as sock:
        sock.sendall(data)
        received = b""
        while part := sock.recv(65536):
            received += part
        return received.split(b"\r\n")[0]


def test_an_address_headers_or_a_body_that_are_too_large_are_refused_at_once(server: Server) -> None:
    get, post = b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"POST /chat/lobby/messages/ HTTP/1.1\r\nHost: localhost\r\n"
    assert answer(server, b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n") == b"HTTP/1.1 414 URI Too Long"
    too_large = b"HTTP/1.1 431 Request Header Fields Too Large"
    assert answer(server, get + b"x: " + b"a" * 30_000 + b"\r\n\r\n") == too_large
    assert answer(server, get + b"x: 1\r\n" * 200 + b"\r\n") == too_large
    assert answer(server, get + b"".join(b"x: %s\r\n" % (b"a" * 10_000) for _ in range(10)) + b"\r\n") == too_large
    assert answer(server, post + b"Content-Length: 150000000\r\n\r\n").startswith(b"HTTP/1.1 413")
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    assert answer(server, post + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3).startswith(b"HTTP/1.1 413")
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_a_handshake_that_is_none_is_answered(server: Server) -> None:
    long_line = UPGRADE.encode() + b"Cookie: a=" + b"b" * 30_000 + b"\r\n\r\n"
    assert answer(server, long_line) == b"HTTP/1.1 431 Request Header Fields Too Large"
    assert answer(server, UPGRADE.encode() + b"x: 1\r\n" * 200 + b"\r\n").startswith(b"HTTP/1.1 431")
    assert answer(server, UPGRADE.encode() + b"Content-Length: 5\r\n\r\nhello") == b"HTTP/1.1 400 Bad Request"


def counted(server: Server, series: str) -> float:
    page = httpx.get(f"{server.url}/metrics").text
    return float(next(line for line in page.splitlines() if line.startswith(series)).rpartition(" ")[2])


def test_what_is_refused_before_it_is_whole_is_counted_and_logged_in_one_line(server: Server) -> None:
    refused = 'chat_requests_cut_total{status="431"}'
    before, lines = counted(server, refused), len(server.log.read_text().splitlines())
    answer(server, UPGRADE.encode() + b"x: 1\r\n" * 200 + b"\r\n")
    assert counted(server, refused) == before + 1
    logged = [json.loads(line) for line in server.log.read_text().splitlines()[lines:]]
    assert [each["path"] for each in logged if each.get("status") == 431] == ["/ws/chat/lobby/"]


def test_at_the_end_everybody_is_told_1012_while_a_handshake_is_half_there(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.manage("migrate", "--verbosity", "0")
    server.start()
    try:
        with shaken(server) as open_one, line(server) as half:
            half.sendall(UPGRADE.encode())
            open_one.settimeout(15)
            server.process.terminate()
            received = b""
            while part := open_one.recv(65536):
                received += part
            assert struct.pack("!H", 1012) in received
            server.process.wait(20)
    finally:
        server.stop()


def test_a_handshake_with_cookies_of_16_kib_is_let_in(server: Server) -> None:
    with shaken(server, f"Cookie: other={'b' * 16 * 1024}\r\n") as sock:
        assert b'"hello"' in sock.recv(65536)


def shaken(server: Server, headers: str = "") -> socket.socket:
    sock = line(server)
    request = UPGRADE.replace("localhost", f"localhost:{server.port}").encode() + headers.encode() + b"\r\n"
    sock.sendall(request)
    received = b""
    while not received.endswith(b"\r\n\r\n"):
        received += sock.recv(1)
    assert received.startswith(b"HTTP/1.1 101"), received
    return sock


def masked(opcode: int, payload: bytes = b"") -> bytes:
    size = bytes((0x80 | len(payload),)) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    return bytes((0x80 | opcode,)) + size + bytes(4) + payload  # masked with zeros


@pytest.mark.parametrize("opcode", [0x9, 0xA], ids=["ping", "pong"])
def test_a_flood_of_control_frames_is_closed_with_1008(server: Server, opcode: int) -> None:
    before = counted(server, 'chat_lines_cut_total{cause="control"}')
    with shaken(server) as sock:
        sock.sendall(masked(opcode) * 5000)
        received = b""
        while part := sock.recv(65536):
            received += part
        assert b"\x88" in received
        assert struct.pack("!H", 1008) in received
    assert counted(server, 'chat_lines_cut_total{cause="control"}') == before + 1


@pytest.mark.parametrize(
    ("says", "code"), [(masked(0x8), 1005), (masked(0x8, struct.pack("!H", 1001)), 1001), (b"", 1006)]
)
def test_a_line_that_breaks_is_told_from_one_that_is_closed(server: Server, says: bytes, code: int) -> None:
    before = closed_with(server)
    with shaken(server) as sock:
        sock.sendall(says)
        sock.shutdown(socket.SHUT_WR)
    deadline = time.monotonic() + 10
    while len(codes := closed_with(server)) == len(before):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert codes[len(before) :] == [code]


def closed_with(server: Server) -> list[int]:
    """The codes of all WebSockets so far, as the server logs them."""
    lines = (json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{"))
    return [line["code"] for line in lines if line.get("code") is not None]


def test_messages_that_come_in_one_go_are_all_taken_in_order(server: Server) -> None:
    with shaken(server) as sock:
        frame = b'{"type":"ping"}'
        sock.sendall(masked(0x1, frame) * 15 + masked(0x1, b'{"type":"typing","x":"' + b"x" * 40_000 + b'"}'))
        received, deadline = b"", time.monotonic() + 10
        while received.count(b'"pong"') < 15 or b'"typing"' not in received:
            assert time.monotonic() < deadline, received
            received += sock.recv(65536)
        assert received.rindex(b'"pong"') < received.index(b'"typing"')


def test_a_request_that_is_not_complete_in_time_is_closed_with_408(server: Server) -> None:
    with line(server) as never, line(server) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nx: ")
        assert slow.recv(65536).startswith(b"HTTP/1.1 408")
        assert never.recv(65536).startswith(b"HTTP/1.1 408"), "nor one of which nothing comes"
