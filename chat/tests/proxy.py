"""A proxy for the tests, which does what badly set ones do: changes heads, holds bodies back, ends TLS in silence."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Change = Callable[[bytes], bytes]


def nothing(data: bytes) -> bytes:
    return data


@contextmanager
def proxy(
    *ports: int, up: Change = nothing, down: Change = nothing, holds: bytes = b"\0", certificate: Path | None = None
) -> Iterator[int]:
    """Serves one connection after the other from the ports in turn; `holds` is a path whose answers are kept back."""
    turns = cycle(ports)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", next(turns))) as backend:
                first = self.request.recv(65536)
                backend.sendall(up(first))
                threading.Thread(target=pipe, args=(self.request, backend, nothing), daemon=True).start()
                pipe(backend, self.request, (lambda data: b"") if holds in first else down)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def pipe(source: socket.socket, sink: socket.socket, change: Change) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(change(data))
        sink.shutdown(socket.SHUT_WR)


def make_certificate(path: Path) -> Path:
    """Key and certificate of `localhost`, signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(pem))
    return path
