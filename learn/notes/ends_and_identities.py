"""Notes and what to try: the demos of Ends and identities."""

NOTES: dict[str, dict[str, str]] = {
    "closing": {
        "async def __call__": (
            "Called once for each connection, and it lasts as long as that does. So there is one place that every way "
            "out passes."
        ),
        "except CrashError": "Uncaught, it would be 1011 to the browser on Daphne, and 1006 on uvicorn.",
        "self.ticking = asyncio.create_task": (
            "A task of its own, because websocket_connect must return: until then no frame is read."
        ),
        "raise StopConsumer": (
            "It ends the instance, and no task of yours. A task that nobody cancels runs on without its connection."
        ),
    },
    "sessions": {
        "key = parse_cookie(header)": (
            "Anybody may send any key. One that is not in the table gets a new session, with a new key."
        ),
        "await session.asave()": "Before the accept goes out: the browser may come back with this key at once.",
        'self.scope["user"] = await get_user': (
            "Compares the session with the password’s hash, so a new password ends old sessions. But it asks once: "
            "this connection stays."
        ),
        "await login(self.scope, user": (
            "It sends Django’s signal user_logged_in with request=None. A receiver that reads the request fails here."
        ),
        "await logout(self.scope)": "The row is deleted. The connection goes on, as AnonymousUser.",
    },
}

TO_TRY: dict[str, tuple[str, ...]] = {
    "closing": (
        "Connect in two windows, and press “how many tasks run?”. Close one window and ask again.",
        "Press “crash it”, then “how many tasks run?”. The task of the connection that crashed is not among them.",
        "Press “be closed with 4001”. The server chose the code, and the browser says it back.",
        "Connect and wait: a tick comes every five seconds, and frames are answered between them.",
    ),
    "sessions": (
        "Press “connect” twice. The second visit is number 2: the handshake has set a cookie.",
        (
            "Press “login”, then “connect”. You are a stranger again, on visit 1: the login has changed the key, and "
            "the browser has the old one."
        ),
        "Press “login”, then “logout”. The user of this connection changes, and nothing has to connect again.",
    ),
}
