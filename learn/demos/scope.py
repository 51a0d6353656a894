import json

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer


class ScopeConsumer(AsyncConsumer):
    """The scope is what is known of a connection when it begins; a consumer's `self.scope` holds it throughout.

    It is the server's, with what middleware and routing have added to it. The same class answers a WebSocket and a
    request: a protocol is just the events that it sends.
    """

    def seen(self):
        added = {
            "cookies": sorted(self.scope.get("cookies", {})),  # by CookieMiddleware; the names will do
            "session": sorted(self.scope["session"].keys()) if "session" in self.scope else None,  # SessionMiddleware
            "user": str(self.scope.get("user", "")),  # by AuthMiddleware
            "url_route": self.scope["url_route"]["kwargs"],  # by URLRouter: <slug:here>
        }
        names = ["type", "method", "scheme", "path", "query_string", "client", "server", "subprotocols"]
        given = {name: self.scope[name] for name in names if name in self.scope}
        # Names and values of headers are bytes. The cookie is a secret between browser and server.
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self.scope["headers"]}
        headers.pop("cookie", None)
        return json.dumps(given | {"headers": headers} | added, indent=1, default=lambda value: value.decode("latin-1"))

    async def websocket_connect(self, event):
        await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": self.seen()})

    async def websocket_receive(self, event):
        await self.send({"type": "websocket.send", "text": self.seen()})  # the same: a scope does not change

    async def websocket_disconnect(self, event):
        raise StopConsumer

    async def http_request(self, event):
        headers = [(b"content-type", b"application/json")]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": self.seen().encode()})
        raise StopConsumer
