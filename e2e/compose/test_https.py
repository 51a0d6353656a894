"""With DOMAIN, Caddy ends TLS: cookies are Secure, and a socket's origin is held to https. Its own authority signs
for `localhost`; nothing here shows that a public one would."""

import ssl
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from e2e.compose.stack import SETTINGS, up
from e2e.servers import free_port

HTTP, HTTPS = free_port(), free_port()
URL = f"https://localhost:{HTTPS}"
ANYBODY = ssl._create_unverified_context()


@pytest.fixture(scope="module", autouse=True)
def domain(stack: None) -> Iterator[None]:
    up(DOMAIN="localhost", HTTP_PORT=str(HTTP), HTTPS_PORT=str(HTTPS))
    yield
    up()


def opened(origin: str) -> ClientConnection:
    return connect(
        f"wss://localhost:{HTTPS}/ws/chat/lobby/",
        ssl=ANYBODY,
        origin=Origin(origin),
        subprotocols=[Subprotocol("chat.v1")],
    )


def test_pages_come_by_https_with_secure_cookies() -> None:
    answer = httpx.get(f"{URL}/chat/lobby/", verify=ANYBODY)
    assert answer.status_code == 200
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_socket_of_the_pages_own_origin_is_let_in_and_of_plain_http_is_not() -> None:
    with opened(URL) as socket:
        assert '"hello"' in str(socket.recv(timeout=10))
    with opened(URL.replace("https", "http")) as socket, suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=10)
    assert socket.close_code == 4403


def test_plain_http_is_led_to_https_and_only_there() -> None:
    answer = httpx.get(f"http://localhost:{HTTP}/chat/lobby/")
    assert (answer.status_code, answer.headers["location"]) == (308, "https://localhost/chat/lobby/")
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://localhost:{SETTINGS['PORT']}/")
