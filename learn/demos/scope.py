import json

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class ScopeConsumer(AsyncConsumer):
    """`self.scope` is what is known of a connection when it begins.

    The server makes it, middleware and routing add to it, and it stays the same as long
    as the connection lasts. The same class answers a WebSocket and a request: a
    protocol is just the events that it sends.
    """

    def seen(self):
        scope = self.scope
        names = "type method scheme path query_string client server subprotocols"
        given = {name: scope[name] for name in names.split() if name in scope}
        headers = {text(name): text(value) for name, value in scope["headers"]}
        headers.pop("cookie", None)  # a secret between browser and server
        added = {
            "cookies": sorted(scope["cookies"]),  # by CookieMiddleware; names will do
            "session": sorted(scope["session"].keys()),  # by SessionMiddleware
            "user": str(scope["user"]),  # by AuthMiddleware
            "url_route": scope["url_route"]["kwargs"],  # by URLRouter: <slug:here>
        }
        seen = given | {"headers": headers} | added
        return json.dumps(seen, indent=1, default=text)

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": self.seen()})

    async def websocket_receive(self, event):
        await self.send({"type": "websocket.send", "text": self.seen()})

    async def websocket_disconnect(self, event):
        raise StopConsumer

    async def http_request(self, event):
        headers = [(b"content-type", b"application/json")]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": self.seen().encode()})
        raise StopConsumer


def text(value):
    # What came over the wire is bytes in the scope.
    return value.decode("latin-1")
