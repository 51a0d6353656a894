"""A page may post exactly where it may connect, however a setting, an Origin or a Host is spelled."""

import os
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from chat.origins import parse, pattern
from conftest import Line, Open
from mysite.env import hosts, origins

TOKEN = "a" * 32

# Hosts and origins as they are set, the scheme, Host and Origin of a client, and whether it is let in.
SAME = [
    ("", "", "http", "localhost", "http://localhost", True),
    ("", "", "http", "localhost", "HTTP://LocalHost", True),
    ("", "", "http", "LOCALHOST", "http://localhost", True),
    ("", "", "http", "localhost:80", "http://localhost", True),
    ("", "", "http", "localhost", "http://localhost:80", True),
    ("", "", "https", "localhost:443", "https://localhost", True),
    ("", "", "https", "localhost", "https://localhost:443", True),
    ("", "", "http", "localhost:8000", "http://localhost:8000", True),
    ("", "", "http", "localhost:8000", "http://localhost", False),
    ("", "", "http", "localhost:443", "http://localhost", False),
    ("", "", "https", "localhost:80", "https://localhost", False),
    ("", "", "https", "localhost", "http://localhost", False),
    ("", "", "http", "localhost", "https://localhost", False),
    ("", "", "http", "localhost.", "http://localhost.", True),
    ("", "", "http", "[::1]:8000", "http://[::1]:8000", True),
    ("[0:0:0:0:0:0:0:1]", "", "http", "[::1]", "http://[::1]", True),
    ("[2001:DB8::7]", "", "http", "[2001:db8::7]:80", "http://[2001:db8::7]", True),
    ("[2001:DB8::7]", "", "http", "[2001:db8::7]", "http://[2001:db8:0::7]", True),
    ("Chat.Example.ORG", "", "https", "chat.example.org", "https://chat.example.org", True),
    ("chat.example.org.", "", "https", "chat.example.org", "https://chat.example.org", True),
    (".example.org", "", "https", "a.b.example.org", "https://a.b.example.org", True),
    ("*.example.org", "", "https", "a.b.example.org", "https://a.b.example.org", True),
    ("*.example.org", "", "https", "example.org", "https://example.org", True),
    ("*.example.org", "", "https", "badexample.org", "https://badexample.org", False),
    ("*", "", "https", "anything.example", "https://anything.example", True),
    ("*", "", "https", "anything.example", "https://another.example", False),
    ("bücher.example", "", "https", "xn--bcher-kva.example", "https://xn--bcher-kva.example", True),
    ("XN--BCHER-KVA.example", "", "https", "xn--bcher-kva.example", "https://bücher.example", True),
    ("straße.example", "", "https", "xn--strae-oqa.example", "https://xn--strae-oqa.example", True),
    ("*.bücher.example", "", "https", "www.xn--bcher-kva.example", "https://www.xn--bcher-kva.example", True),
]
LISTED = [
    ("", "https://www.example.org", "http", "localhost", "https://www.example.org", True),
    ("", "https://www.example.org:443/", "http", "localhost", "https://www.example.org", True),
    ("", "HTTPS://WWW.Example.org", "http", "localhost", "https://www.example.org:443", True),
    ("", "http://www.example.org:80", "http", "localhost", "http://www.example.org", True),
    ("", "http://www.example.org:443", "http", "localhost", "https://www.example.org", False),
    ("", "https://www.example.org", "http", "localhost", "http://www.example.org", False),
    ("", "https://www.example.org", "http", "localhost", "https://example.org", False),
    ("", "https://www.example.org", "http", "elsewhere.example", "https://www.example.org", False),
    ("", "https://*.example.org", "http", "localhost", "https://a.b.example.org", True),
    ("", "https://.example.org", "http", "localhost", "https://a.b.example.org", True),
    ("", "https://*.example.org:8443", "http", "localhost", "https://www.example.org:8443", True),
    ("", "https://*.example.org:8443", "http", "localhost", "https://www.example.org", False),
    ("", "https://*.example.org", "http", "localhost", "https://badexample.org", False),
    ("", "https://*.example.org", "http", "localhost", "https://example.org.evil.example", False),
    ("", "https://bücher.example", "http", "localhost", "https://xn--bcher-kva.example", True),
    ("", "https://BÜCHER.example", "http", "localhost", "https://bücher.example", True),
    ("", "https://xn--bcher-kva.example", "http", "localhost", "https://bücher.example", True),
    ("", "http://[2001:db8::0007]:80", "http", "localhost", "http://[2001:db8::7]", True),
    ("", "https://a.example,https://b.example", "http", "localhost", "https://b.example", True),
]
MALFORMED = ["null", "*", "http://", "http://localhost:", "http://localhost:0", "http://localhost:99999",
             "http://localhost/", "http://localhost/x", "http://localhost#x", "http://a@localhost", "localhost",
             "http://localhost, http://localhost", "ftp://localhost", "http://local host", "http://*.localhost",
             "http://.localhost", "http://[::1", "http://[::1%25lo]", "http://localhost:８０", "http://a..b",
             "http://" + "ü" * 5000, "http://localhost\\@evil.example"]  # fmt: skip
NO_ORIGINS = [("", "", "http", "localhost", origin, False) for origin in MALFORMED]
TABLE = SAME + LISTED + NO_ORIGINS


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Any:
    """Sets ALLOWED_HOSTS and ALLOWED_ORIGINS as the environment would."""

    def environment(allowed_hosts: str, allowed_origins: str) -> None:
        monkeypatch.setitem(os.environ, "ALLOWED_HOSTS", allowed_hosts)
        monkeypatch.setitem(os.environ, "ALLOWED_ORIGINS", allowed_origins)
        settings.ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
        settings.ALLOWED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = origins("ALLOWED_ORIGINS")

    return environment


async def connects(scheme: str, headers: list[tuple[bytes, bytes]]) -> bool:
    from mysite.asgi import application

    line = Line(application, "/ws/chat/lobby/", list(headers), ["chat.v1"])
    line.scope["scheme"] = {"http": "ws", "https": "wss"}[scheme]
    accepted, _ = await line.connect(timeout=5)
    assert accepted
    event = await line.receive_json_from(timeout=5)
    if event["type"] != "hello":
        assert event["code"] == "forbidden"
        assert (await line.receive_output(timeout=5))["code"] == 4403
    await line.disconnect(timeout=5)
    return event["type"] == "hello"


async def posts(scheme: str, headers: list[tuple[bytes, bytes]], path: str) -> bool:
    from mysite.asgi import application

    cookie = (b"cookie", f"{settings.CSRF_COOKIE_NAME}={TOKEN}".encode())
    headers = [*headers, cookie, (b"x-csrftoken", TOKEN.encode()), (b"accept", b"application/json")]
    said = {"message": "hello", "client_id": str(uuid4())}
    kind = {"json": said} if path.endswith("frames/") else {"data": said}
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost") as web:
        answer = await web.post(path, headers=headers, **kind)
    assert answer.status_code in (200, 201, 400, 403)
    return answer.is_success


@pytest.mark.parametrize(("allowed_hosts", "allowed_origins", "scheme", "host", "origin", "is_in"), TABLE)
async def test_a_page_is_let_in_or_refused_alike_by_every_door(
    opened: Open,
    environment: Any,
    allowed_hosts: str,
    allowed_origins: str,
    scheme: str,
    host: str,
    origin: str,
    is_in: bool,
) -> None:
    environment(allowed_hosts, allowed_origins)
    headers = [(b"host", host.encode()), (b"origin", origin.encode())]
    answers = {
        "socket": await connects(scheme, headers),
        "form": await posts(scheme, headers, "/chat/lobby/messages/"),
        "frame": await posts(scheme, headers, "/chat/lobby/frames/"),
    }
    assert answers == dict.fromkeys(answers, is_in)


async def test_two_origins_or_hosts_are_none(opened: Open) -> None:
    host, origin = (b"host", b"localhost"), (b"origin", b"http://localhost")
    for headers in ([host, origin, origin], [host, host, origin]):
        assert not await connects("http", headers)
        assert not await posts("http", headers, "/chat/lobby/messages/")


@pytest.mark.parametrize(
    ("referer", "is_in"),
    [
        ("https://localhost/chat/lobby/", True),
        ("https://LOCALHOST:443/chat/", True),
        ("https://www.example.org/x?y", True),
        ("http://localhost/", False),
        ("https://localhost@evil.example/", False),
        ("https://evil.example/https://localhost/", False),
        ("localhost", False),
        ("", False),
    ],
)
async def test_by_https_without_an_origin_the_referer_is_asked(
    opened: Open, environment: Any, referer: str, is_in: bool
) -> None:
    environment("", "https://*.example.org")
    headers = [(b"host", b"localhost"), (b"referer", referer.encode())]
    assert await posts("https", headers, "/chat/lobby/messages/") == is_in


def test_what_was_normalised_stays_as_it_is() -> None:
    for _, allowed, *_ in LISTED:
        for value in allowed.split(","):
            assert str(pattern(str(pattern(value)))) == str(pattern(value))
    assert str(pattern("HTTPS://*.BÜCHER.example:443/")) == "https://*.xn--bcher-kva.example"
    assert parse("http://[::0001]:8000") == ("http", "[::1]", 8000)
