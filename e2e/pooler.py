"""Poolers that give each transaction a connection of its own: a real PgBouncer, and a small one where there is none.

The small one refuses what PgBouncer refuses, and is stricter: two transactions in turn never have the same connection.
"""

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import pack, unpack
from urllib.parse import parse_qs, urlsplit

import psutil

from e2e.servers import free_port

SIZE = 8  # connections to the database
START_TIMEOUT = 10.0  # seconds
SSL_REQUEST, GSS_REQUEST, PROTOCOL_3 = 80877103, 80877104, 196608
# Which parameters of a new connection PgBouncer takes unless its ignore_startup_parameters says more.
TAKEN = {"user", "database", "client_encoding", "application_name", "datestyle", "timezone"}
PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")


@contextmanager
def small_pooler(database_url: str) -> Iterator[str]:
    """The address of a pooler in this process, before the database at an address on a Unix socket."""
    pool = [_server_connection(database_url) for _ in range(SIZE)]
    free = threading.Condition()  # a connection of the pool
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        """Until it leaves; each of its transactions on the connection that has been free for longest."""
        with client, suppress(OSError, EOFError):
            parameters = _startup(client)
            if refused := sorted(parameters.keys() - TAKEN):
                client.sendall(_error(f"unsupported startup parameter: {', '.join(refused)}"))
                return
            client.sendall(_message(b"R", pack("!I", 0)) + READY)
            while (first := _read(client))[:1] != b"X":
                with free:
                    free.wait_for(lambda: pool)
                    server = pool.pop(0)
                try:
                    _transaction(first, client, server)
                except BaseException:
                    server.close()  # within a transaction
                    server = _server_connection(database_url)
                    raise
                finally:
                    with free:
                        pool.append(server)
                        free.notify()

    def accept() -> None:
        with suppress(OSError):
            while True:
                client = listener.accept()[0]
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"postgres://postgres@127.0.0.1:{listener.getsockname()[1]}/postgres"
    finally:
        listener.close()
        for server in pool:
            server.close()


@contextmanager
def pgbouncer(database_url: str, postmaster: int) -> Iterator[str]:
    """The address of a real one, run by the user who runs the database, for root may not."""
    port, user = free_port(), psutil.Process(postmaster).username()
    folder = Path(tempfile.mkdtemp(prefix="chat-pgbouncer-"))
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\npostgres = host={_socket_folder(database_url)} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\npool_mode = transaction\ndefault_pool_size = {SIZE}\n"
    )
    shutil.chown(folder, user)
    as_user = ["--user", user] if psutil.Process().username() != user else []
    process = subprocess.Popen([str(PGBOUNCER), "--quiet", *as_user, str(settings)], stderr=subprocess.DEVNULL)
    try:
        _wait_until_open(port, process)
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        assert process.poll() is None, "pgbouncer has ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(port)


def _socket_folder(database_url: str) -> str:
    return parse_qs(urlsplit(database_url).query)["host"][0]


def _transaction(message: bytes, client: socket.socket, server: socket.socket) -> None:
    while True:
        server.sendall(message)
        if message[:1] in (b"Q", b"S"):  # a query or the end of several messages, which the database answers
            while (answer := _read(server))[:1] != b"Z":
                client.sendall(answer)
            client.sendall(answer)
            if answer[-1:] == b"I":  # idle: not in a transaction
                return
        message = _read(client)


def _server_connection(database_url: str) -> socket.socket:
    """Where the clients' time zone is already set, as PgBouncer sets it at each change of connection."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{_socket_folder(database_url)}/.s.PGSQL.5432")
    words = ("user", "postgres", "database", "postgres", "client_encoding", "UTF8", "TimeZone", "UTC", "")
    body = pack("!I", PROTOCOL_3) + b"".join(word.encode() + b"\0" for word in words)
    server.sendall(pack("!I", len(body) + 4) + body)
    while _read(server)[:1] != b"Z":
        pass
    return server


def _startup(client: socket.socket) -> dict[str, str]:
    """What a client says about itself, after it was refused encryption."""
    while True:
        size, code = unpack("!II", _exactly(client, 8))
        body = _exactly(client, size - 8)
        if code not in (SSL_REQUEST, GSS_REQUEST):
            break
        client.sendall(b"N")
    words = body.decode().rstrip("\0").split("\0")
    return dict(zip(words[::2], words[1::2], strict=True))


def _read(line: socket.socket) -> bytes:
    """A whole message: its kind, its size, its body."""
    head = _exactly(line, 5)
    return head + _exactly(line, unpack("!I", head[1:])[0] - 4)


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (part := line.recv(size - len(data))):
            raise EOFError
        data += part
    return data


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + pack("!I", len(body) + 4) + body


def _parameter(name: str, value: str) -> bytes:
    return _message(b"S", f"{name}\0{value}\0".encode())


def _error(text: str) -> bytes:
    return _message(b"E", f"SFATAL\0VFATAL\0C08P01\0M{text}\0\0".encode())


READY = b"".join(
    [
        _parameter("server_version", "18.0"),
        _parameter("client_encoding", "UTF8"),
        _parameter("TimeZone", "UTC"),
        _message(b"Z", b"I"),
    ]
)
