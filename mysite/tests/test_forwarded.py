"""What a proxy says of a client is believed of a trusted one alone."""

import socket
from collections.abc import Iterator

import pytest

from e2e.servers import Server

PROXY, STRANGER = "127.0.0.1", "127.0.0.66"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("forwarded"), FORWARDED_ALLOW_IPS=PROXY)
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def ask(server: Server, source: str, request: str, *headers: str) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=15, source_address=(source, 0)) as line:
        line.sendall("\r\n".join([f"GET {request} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode("latin-1"))
        received = b""
        while b"\r\n\r\n" not in received:
            received += line.recv(65536)
        if b" 101 " in received[:20]:
            while b"hello" not in received and b"forbidden" not in received:
                received += line.recv(65536)
    return received


@pytest.mark.parametrize(
    ("source", "headers", "is_https"),
    [
        (PROXY, ["X-Forwarded-Proto: https"], True),
        (PROXY, ["X-Forwarded-Proto: https, http"], True),
        (PROXY, ["X-Forwarded-Proto: HTTPS,http,http"], True),
        (PROXY, ["X-Forwarded-Proto: https", "X-Forwarded-Proto: http"], True),
        (PROXY, ["X-Forwarded-Proto: http, https"], False),
        (PROXY, ["X-Forwarded-Proto: nonsense, https"], False),
        (PROXY, ["X-Forwarded-Proto: , https"], False),
        (PROXY, [], False),
        (STRANGER, ["X-Forwarded-Proto: https"], False),
        (STRANGER, ["X-Forwarded-Proto: https, http"], False),
    ],
)
def test_the_first_proto_of_a_trusted_proxy_says_if_a_client_came_by_https(
    server: Server, source: str, headers: list[str], is_https: bool
) -> None:
    answer = ask(server, source, "/chat/lobby/", *headers)
    assert answer.startswith(b"HTTP/1.1 200")
    assert (b"Secure" in answer.split(b"\r\n\r\n")[0]) is is_https

    handshake = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Sec-WebSocket-Protocol: chat.v1"]  # fmt: skip
    for origin, is_let_in in (("https://localhost", is_https), ("http://localhost", not is_https)):
        answer = ask(server, source, "/ws/chat/lobby/", f"Origin: {origin}", *handshake, *headers)
        assert (b"hello" in answer) is is_let_in, origin
