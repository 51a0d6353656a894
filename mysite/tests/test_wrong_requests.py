"""Requests that make no sense: each is answered, with one short line of log at most, and none is an error of ours."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from e2e.servers import Server

LOG_MAX = 300  # bytes of log for a request
FORGED = (b"Cookie: chat_csrf=" + b"a" * 32, b"X-CSRFToken: " + b"a" * 32)  # passes the check against forgery
FORM = b"application/x-www-form-urlencoded"
ROOM = b"/chat/lobby/"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("wrong"), CHAT_RATE_LIMIT="20/10s")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


def get(path: bytes, *lines: bytes, host: bytes = b"localhost", method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *lines, b"", b""])


def post(path: bytes, body: bytes, kind: bytes = FORM, *lines: bytes) -> bytes:
    own = (b"Content-Type: " + kind, b"Content-Length: %d" % len(body), b"Origin: http://localhost")
    return get(path, *FORGED, *own, *lines, method=b"POST") + body


def shake(path: bytes, *lines: bytes, leave_out: bytes = b"-") -> bytes:
    own = (b"Host: localhost", b"Origin: http://localhost", b"Connection: Upgrade", b"Upgrade: websocket",
           b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==")  # fmt: skip
    kept = [line for line in own if not line.startswith(leave_out)]
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", *kept, *lines, b"", b""])


def answer(server: Server, request: bytes) -> int:
    """The status; 0 if the line was closed without one."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
        line.sendall(request)
        received = b""
        while b"\r\n" not in received and (part := line.recv(65536)):
            received += part
    return int(received.split(b" ")[1]) if received else 0


HEADERS = {
    "Accept": (
        b",".join(b"text/x%d;q=0.%d" % (number, number % 9 + 1) for number in range(900)),
        b"text/html" + b";" * 15_000,
        b"," * 15_000,
        b'text/html;a="' + b'\\"' * 7000,
        b"text/html;q=abc, */*;q=\xff",
        "ü/ß".encode(),
    ),
    "Accept-Language": (b",".join(b"en-%d" % number for number in range(2000)), b"\xff"),
    "Accept-Encoding": (b"gzip," * 3000,),
    "Cookie": (
        b"; ".join(b"a%d=1" % number for number in range(1700)),
        b"chat_session=\xff\xfe; chat_guest=\xff; chat_csrf=\xff",
        b'chat_session="\\377\\000"; chat_guest="\\000"',
        b"chat_session=" + b"a" * 10_000,
        b"chat_guest=" + b"a:" * 5000,
        b"messages=" + b"a" * 9000,
    ),
    "User-Agent": (b"\xff" * 15_000,),
    "Referer": (b"\xff",),
    "Authorization": (b"\xff",),
    "X-Request-Id": (b"\xff",),
    "X-Forwarded-For": (b"\xff,,,[,]:", b"1," * 7000, b"[::1]:x9"),
    "X-Forwarded-Proto": (b"\xff", b",,,", b"https" * 3000),
    "HX-Current-URL": (b"\xff%", b"http://["),
    "Content-Type": (b"a/b" + b";a=b" * 4000, b"text/html; charset=\xff", b"multipart/form-data"),
    "Content-Length": (b"abc", b"-5", b"9" * 30),
    "Transfer-Encoding": (b"foo",),
}
HOSTS = (
    b"bad_host.example", b"[::1", b"", b"a" * 15_000, b"\xff\xfe\x80", b"localhost:99999999999", b"localhost:abc",
    b"user@localhost", b"local host", "localhost:\u0661".encode(), b"localhost\r\nHost: localhost",
    b"localhost\r\nHost: other.example",
)  # fmt: skip
PATHS = (
    b"/chat/" + b"x" * 60 * 1024, b"/chat/" + b"x" * 8000 + b"/", b"/%ff" * 300, b"/%zz%", b"/chat/%ff%fe/",
    b"/chat/%00/", b"/chat/a%0ab/", b"/chat/%ed%a0%80/", "/chat/ü/".encode(), b"*", b"//other.example/chat",
    b"http://other.example/chat/", b"/../../etc/passwd", b"/static/%ff%00", b"/static/%2e%2e/%2e%2e/manage.py",
    b"/static/" + b"a/" * 3900, b"/chat/lobby/?after=%ff&x=%", b"/chat/lobby/?" + b"a=1&" * 1900,
    b"/chat/lobby/?at=99999999999999999999", b"/chat/lobby/?at=%00", b"/chat/lobby/events/?after=%ff",
    b"/chat/lobby/poll/?wait=0&after=" + b"9" * 4000, b"/chat/lobby/poll/?wait=0&after=%d9%a1", b"/admin/%ff/",
    b"/admin/login/?next=%ff", b"/learn/%ff/", b"/metrics?name[]=%ff",
)  # fmt: skip
STATIC = (
    b"If-Modified-Since: \xff", b"If-Modified-Since: Mon, 99 Foo 99999999999 99:99:99 GMT", b"If-None-Match: \xff",
    b"Range: bytes=99999999999999999999-", b"Range: bytes=" + b"0-1," * 3000, b"Range: bytes=\xff-\xb2",
    b"Range: bytes=-",
)  # fmt: skip
MULTIPART = b"--a\r\nContent-Disposition: form-data; name=\"message\"; filename*=UTF-8''%ff\r\n\r\nx\r\n--a--\r\n"
SAY = b"/chat/lobby/messages/"
POSTS = {
    "bytes that are not UTF-8": post(SAY, b"message=%ff%fe%"),
    "an unknown charset": post(SAY, b"message=x", FORM + b"; charset=\xff"),
    "no boundary": post(SAY, b"x", b"multipart/form-data; boundary="),
    "a boundary of bytes": post(SAY, b"x" * 100, b"multipart/form-data; boundary=\xff"),
    "a long boundary": post(SAY, b"x" * 100, b"multipart/form-data; boundary=" + b"a" * 15_000),
    "a file with a name of bytes": post(SAY, MULTIPART, b"multipart/form-data; boundary=a"),
    "many fields": post(SAY, b"a=1&" * 3000),
    "JSON that is none": post(b"/chat/lobby/frames/", b"\xff"),
    "deep JSON": post(b"/chat/lobby/frames/", b"[" * 20_000),
    "a number of 10,000 digits": post(b"/chat/lobby/frames/", b'{"message":' + b"9" * 10_000 + b"}"),
    "two lengths": post(SAY, b"xx", FORM, b"Content-Length: 1"),
    "a chunk that is none": get(SAY, b"Transfer-Encoding: chunked", method=b"POST") + b"zz\r\n",
    "an unknown method": get(ROOM, method=b"FOO"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 200,
    "a line that is no header": get(ROOM, b"no header"),
    "a folded header": get(ROOM, b"X: a\r\n b"),
}
WS = b"/ws/chat/lobby/"
HANDSHAKES = {
    "cookies of bytes": shake(WS, b"Cookie: chat_session=\xff; chat_guest=\xff"),
    "a path of bytes": shake("/ws/chat/ü/".encode()),
    "a path that is not UTF-8": shake(b"/ws/chat/%ff/"),
    "a long number": shake(WS + b"?after=" + b"9" * 5000),
    "no Host": shake(WS, b"Host: [::1", leave_out=b"Host"),
    "an Origin of bytes": shake(WS, b"Origin: \xff", leave_out=b"Origin"),
    "an Origin that is none": shake(WS, b"Origin: http://[", leave_out=b"Origin"),
    "a subprotocol of bytes": shake(WS, b"Sec-WebSocket-Protocol: \xff"),
    "many subprotocols": shake(WS, b"Sec-WebSocket-Protocol: " + b"a," * 9000),
    "a key of bytes": shake(WS, b"Sec-WebSocket-Key: \xff", leave_out=b"Sec-WebSocket-Key"),
    "no key": shake(WS, leave_out=b"Sec-WebSocket-Key"),
    "another version": shake(WS, b"Sec-WebSocket-Version: 99", leave_out=b"Sec-WebSocket-Version"),
    "many extensions": shake(WS, b"Sec-WebSocket-Extensions: " + b"a;" * 9000),
    "another address": shake(b"/ws/nothing/"),
    "no address": shake(b"*"),
}
REQUESTS = {
    **{f"{name} {number}": get(ROOM, name.encode() + b": " + value)
       for name, values in HEADERS.items() for number, value in enumerate(values)},
    **{f"Host {number}": get(ROOM, host=host) for number, host in enumerate(HOSTS)},
    **{f"path {number}": get(path) for number, path in enumerate(PATHS)},
    **{f"static file {number}": get(b"/static/chat/room.js", line) for number, line in enumerate(STATIC)},
    **POSTS,
    **{f"handshake: {name}": request for name, request in HANDSHAKES.items()},
}  # fmt: skip


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_that_makes_no_sense_is_answered_with_a_short_line_of_log(
    server: Server, client: httpx.Client, request_: bytes
) -> None:
    before = server.log.stat().st_size
    status = answer(server, request_)
    assert client.get("/healthz").status_code == 200  # by now what was logged is there
    log = server.log.read_bytes()[before:]
    assert status in (101, 405, 426) or 200 <= status < 405 or status in (413, 414, 416, 431)
    assert b"Traceback" not in log
    assert len(log) <= LOG_MAX, log
