"""What one client may make the process keep, and what others have nevertheless."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest

from e2e.servers import Server
from mysite.protocols.held import Held

BODY = 127 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("held"), FORWARDED_ALLOW_IPS="127.0.0.1")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def begin(server: Server, source: str, forwarded_for: str = "") -> socket.socket:
    """All of a form but its last byte."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=5, source_address=(source, 0))
    own = f"X-Forwarded-For: {forwarded_for}\r\n" if forwarded_for else ""
    line.sendall(
        f"POST /chat/lobby/messages/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {BODY}\r\n{own}\r\n".encode()
        + b"a" * (BODY - 1)
    )
    return line


def refused(lines: list[socket.socket]) -> list[bytes]:
    """What those were told that were told anything."""
    answers = []
    for line in lines:
        line.settimeout(0.02)
        with suppress(TimeoutError):
            answers.append(line.recv(65536))
    return answers


def cut(server: Server, status: int) -> float:
    """How often the server says that it refused with a status."""
    found = re.search(rf'chat_requests_cut_total{{status="{status}"}} (\S+)', httpx.get(f"{server.url}/metrics").text)
    assert found
    return float(found[1])


def test_unfinished_bodies_of_one_address_are_bounded_and_others_are_let_in(server: Server) -> None:
    before = cut(server, 429)
    with ExitStack() as stack:
        lines = [stack.enter_context(begin(server, "127.0.0.66")) for _ in range(60)]
        answers = refused(lines)
        assert 10 < len(answers) < 30
        assert all(answer.startswith(b"HTTP/1.1 429") and b"retry-after: 5" in answer for answer in answers)
        assert cut(server, 429) == before + len(answers)
        other = stack.enter_context(begin(server, "127.0.0.67"))
        other.sendall(b"a")
        assert other.recv(65536).startswith(b"HTTP/1.1 403"), "the form came whole; it has no token"
    again = begin(server, "127.0.0.66")
    again.sendall(b"a")
    assert again.recv(65536).startswith(b"HTTP/1.1 403"), "what was held is given back"
    again.close()


def test_behind_a_trusted_proxy_the_clients_are_counted_and_not_the_proxy(server: Server) -> None:
    with ExitStack() as stack:
        many = [stack.enter_context(begin(server, "127.0.0.1", f"203.0.113.{number}")) for number in range(60)]
        assert refused(many) == []
        one = [stack.enter_context(begin(server, "127.0.0.1", f"2001:db8::{number:x}")) for number in range(60)]
        assert len(refused(one)) > 10, "an IPv6 client has a /64"
        liar = [stack.enter_context(begin(server, "127.0.0.68", f"203.0.113.{number}")) for number in range(60)]
        assert len(refused(liar)) > 10, "whoever is no proxy is not believed"


def test_when_all_is_taken_each_address_still_has_its_share() -> None:
    held = Held(of_address=100, of_all=150, share=20)
    assert held.hold("first", "a", 100) is None
    assert held.hold("first", "a", 101) == 429
    assert held.hold("first", "a", 100) is None, "it is instead of what was held"
    assert held.hold("second", "b", 60) == 503
    assert held.hold("second", "b", 20) is None
    assert held.hold("third", "c", 20) is None
    held.hold("third", "c", 40)
    assert held.hold("fourth", "c", 1) == 503
    for holder in ("first", "second", "third", "fourth"):
        held.release(holder)
    assert held.bytes == 0
    assert held.hold("second", "b", 100) is None
