"""uvicorn's two protocols with bounds: how slow and how large a request may be, and what a WebSocket may send at once.

uvicorn waits for ever until a request is complete and keeps all that comes of it. What came on a WebSocket it parses in
one go, while everybody else waits. `make run` has no proxy in front of it that would see to these things.
"""

from mysite.protocols.http import BoundedHttp
from mysite.protocols.websocket import FairWebSocket

__all__ = ["BoundedHttp", "FairWebSocket"]
