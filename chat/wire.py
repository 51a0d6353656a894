"""One WebSocket frame for many sockets, made once and written as it is.

What a server sends is not masked, so a frame has the same bytes for everyone. uvicorn would encode it again for each
socket, which costs more than the write itself. Servers that are not uvicorn, or compress, get it by ASGI.
"""

import struct
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


def text_frame(text: str) -> bytes:
    """A final text frame as RFC 6455, section 5.2, has it."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + struct.pack("!H", size) + payload
    return b"\x81\x7f" + struct.pack("!Q", size) + payload


def direct_write(send: Any) -> Callable[[bytes], bool] | None:
    """Writes a frame at once, or returns False where it would have to wait; None if there is no such way."""
    line = getattr(send, "__self__", None)
    if not isinstance(line, WebSocketsSansIOProtocol) or line.conn.extensions:
        return None
    is_writable = line.writable.is_set
    transport = line.transport

    def write(frame: bytes) -> bool:
        if not is_writable() or line.close_sent or transport.is_closing():
            return False
        transport.write(frame)
        return True

    return write
