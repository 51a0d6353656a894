"""A new password by mail: a real server hands it to a real SMTP port, and the link in it works once."""

import re
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import pytest

from e2e.servers import Server

PASSWORD = "a long enough password"


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    mails: list[EmailMessage] = []
    arrived = threading.Event()

    def handle(self) -> None:
        self.wfile.write(b"220 mailbox\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                Mailbox.mails.append(message_from_bytes(b"".join(lines), policy=default))
                Mailbox.arrived.set()
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


@pytest.fixture
def smtp() -> Iterator[int]:
    Mailbox.mails.clear()
    Mailbox.arrived.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def server(tmp_path: Path, smtp: int) -> Iterator[Server]:
    server = Server(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{smtp}?from=chat@example.com")
    server.manage("migrate", "--verbosity", "0")
    make = "User.objects.create_user('Ada', 'ada@example.com', {!r})"
    server.manage("shell", "--verbosity", "0", "--command", make.format(PASSWORD))
    yield server.start()
    server.stop()


class Visitor(httpx.Client):
    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Open a page, fill in its form and send it."""
        self.get(path)
        fields["csrfmiddlewaretoken"] = self.cookies["chat_csrf"]
        return self.post(path, data=fields, headers={"Origin": str(self.base_url).rstrip("/")})


def test_a_new_password_comes_by_mail_once_and_an_unknown_address_gets_the_same_answer(server: Server) -> None:
    with Visitor(timeout=60, base_url=server.url, follow_redirects=True) as visitor:
        unknown = visitor.submit("/accounts/password/reset/", email="nobody@example.com")
        known = visitor.submit("/accounts/password/reset/", email="ada@example.com")
        assert Mailbox.arrived.wait(10)
        assert (unknown.url, unknown.status_code) == (known.url, known.status_code)
        (mail,) = Mailbox.mails
        assert mail["From"] == "chat@example.com"
        assert "for Ada" in mail.get_content()
        path = re.search(rf"{server.url}(\S+)", mail.get_content())
        assert path
        form = visitor.get(path[1])
        visitor.submit(form.url.path, password1="another long password")
        assert "no good any more" in visitor.get(path[1]).text
        for password, leads_to in ((PASSWORD, "/accounts/login/"), ("another long password", "/chat/")):
            answer = visitor.submit("/accounts/login/", login="Ada", password=password)
            assert answer.url.path == leads_to


def test_the_mail_speaks_the_language_of_the_page_that_asked_for_it(server: Server) -> None:
    with Visitor(timeout=60, base_url=server.url, headers={"Accept-Language": "zh-CN"}) as visitor:
        visitor.submit("/accounts/password/reset/", email="ada@example.com")
        assert Mailbox.arrived.wait(10)
    (mail,) = Mailbox.mails
    assert mail["Subject"].endswith("] 重设密码")  # after the site
    assert "有人申请为 Ada 重设密码" in mail.get_content()
    assert server.url in mail.get_content()
    assert "nothing to do" not in mail.get_content()


def test_a_mailbox_gets_three_mails_in_three_minutes(server: Server) -> None:
    with Visitor(timeout=60, base_url=server.url) as visitor:
        answers = [visitor.submit("/accounts/password/reset/", email="ada@example.com") for _ in range(4)]
        assert [each.status_code for each in answers] == [302, 302, 302, 429]
