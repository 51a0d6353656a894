"""Notes and what to try: the demos of Around a consumer."""

NOTES: dict[str, dict[str, str]] = {
    "scope": {
        "scope = self.scope": 'A plain dictionary. There is no request: request.user is scope["user"] here.',
        'names = "type method': "Made by the server. Only a request has a method, only a WebSocket has subprotocols.",
        "headers = {text(name)": (
            "Names are in lower case. The same name may come twice: this dictionary keeps the last one."
        ),
        '"user": str(scope["user"])': (
            "The user when the connection began. After signing out in another window it is still this user here."
        ),
        "await self.send(start)": "An answer is two events: its head, and then its body, which may come in parts.",
    },
    "routing": {
        'room_name = self.scope["url_route"]': "A view gets the named parts as arguments. A consumer finds them here.",
        'if self.scope["user"].is_staff': (
            "Asked when the connection begins. Someone whose right ends later keeps the connection."
        ),
        'path("chat/<slug:room_name>/"': (
            "No slash in front. For a path without a route the router raises “No route found”, and the browser gets "
            "1006."
        ),
        "signed_in = AuthMiddlewareStack": (
            "The session and the user are read once for each connection, and for no frame after that."
        ),
        "application = ProtocolTypeRouter": (
            "A protocol that is not named here is an exception: “No application configured for scope type”."
        ),
    },
    "databases": {
        "name = await database_sync_to_async(self.get_name)()": (
            "Two pairs of brackets: the first makes an asynchronous function of get_name, the second calls it. "
            "get_name() in the first would ask the database here."
        ),
        "user = await self.users().afirst()": (
            "users() only describes the query, afirst asks it. A foreign key that is not loaded yet would ask again, "
            "and fail: use select_related."
        ),
        "name = self.get_name()": (
            "Django looks for a running event loop and refuses. DJANGO_ALLOW_ASYNC_UNSAFE takes away this check, not "
            "the blocking."
        ),
        "    @database_sync_to_async": (
            "From here on its name stands for the asynchronous one. Synchronous code can no longer call it directly."
        ),
    },
    "sync-to-async": {
        "THREADS = ThreadPoolExecutor(2)": "A bound: of three that ask at once, the third waits for a thread.",
        "async def slow_on_the_loop": (
            "async makes nothing asynchronous. Where nothing is awaited, the loop stands still until the function "
            "returns."
        ),
        "ticks = await ticks_during(in_a_thread(slow))": (
            "This consumer waits for half a second, and the loop serves all others meanwhile."
        ),
        "ticking.cancel()": "A task that nobody cancels goes on when its caller has ended.",
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "scope": (
        "Press “connect”, then “GET” in the other console. Compare type, scheme and method.",
        (
            "In “Address”, write another word for here and another value for a, and press “Connect again”. They stand "
            "in url_route and in query_string."
        ),
        "Sign in to the chat in another window, then press “connect”. The user has a name now.",
    ),
    "routing": (
        "Press “connect” in both. The first stays open, the second is closed with 4403 and a reason.",
        (
            "In the first console’s “Address”, write admin for lobby and press “Connect again”. The more exact route "
            "comes first, and takes it."
        ),
        (
            "Take the last slash out of the address of a room and press “Connect”. None of these routes fits. The "
            "classroom’s last route takes everything, and says 4404."
        ),
    ),
    "databases": (
        "Press “as a call”, “as a decorator” and “the async ORM”. They all say the same.",
        "Press “without”. Django refuses; the exception is caught here, so the connection stays.",
        "Sign in to the chat in another window, press “Connect again”, and ask once more. Now the name is yours.",
    ),
    "sync-to-async": (
        "Press “in a thread”. The clock ticks about ten times in the half second.",
        "Press “on the loop”. It does not tick once: while the loop is blocked, it stops for everybody.",
    ),
}
