"""A proxy for the tests, which does what badly set ones do: changes heads, holds bodies back, ends TLS in silence."""

import asyncio
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
    turns, context = cycle(ports), None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, backend = await asyncio.open_connection("127.0.0.1", next(turns))
        try:
            first = await reader.read(65536)
            backend.write(up(first))
            change = (lambda data: b"") if holds in first else down
            await asyncio.gather(pipe(reader, backend, nothing), pipe(answers, writer, change))
        except asyncio.CancelledError:  # the test is over; the stream would report it
            writer.transport.abort()
            backend.transport.abort()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)

    async def end() -> None:
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter, change: Change) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(change(data))
            await sink.drain()
    sink.close()


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
