"""The health check of the container asks the server beside it under a name that is served."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mysite import alive


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        served = self.headers["Host"] in ("localhost", "chat.example.com")
        self.send_response(200 if served and self.path == "/healthz" else 400)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("hosts", [None, "*", "chat.example.com, other", ".chat.example.com"])
def test_it_ends_with_0_where_the_server_answers(port: int, hosts: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    if hosts:
        monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    assert alive.main(port) == 0


def test_it_does_not_where_the_server_refuses_or_is_not_there(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "elsewhere")
    assert alive.main(port) == 1
    with pytest.raises(OSError, match="refused"):
        alive.main(1)
