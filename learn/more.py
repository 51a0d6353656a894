"""What the Channels documentation teaches beside the demos: a paragraph each, and where it runs or is tested here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    title: str
    text: str
    here: str = ""  # where in this repository


TOPICS = (
    Topic(
        "Sync or async",
        "Write async if the consumer waits for others and uses libraries that are async. Write sync if most of its "
        "work is the ORM or a library that blocks. All synchronous consumers of a process share one thread by "
        "default: one that takes a second makes all others wait a second. ASGI_THREADS, which Daphne alone reads, sets "
        "how many threads sync_to_async may use where thread_sensitive is False; it does not give consumers more.",
        "learn/demos/sync_to_async.py",
    ),
    Topic(
        "AcceptConnection and DenyConnection",
        "Exceptions from channels.exceptions that a generic consumer may raise in connect, from however deep: the "
        "first accepts, the second refuses. They do the same as self.accept() and self.close().",
        "learn/tests/test_more.py",
    ),
    Topic(
        "channel_layer_alias",
        "Which entry of CHANNEL_LAYERS a consumer uses. With None it has no layer and no channel of its own.",
        "chat/consumers.py",
    ),
    Topic(
        "Handlers' names",
        "A type's dots become underscores: chat.message calls chat_message. A type that begins with an underscore is "
        "refused, so that an event cannot call a private method. A type without a method raises “No handler for "
        "message type”, which ends the connection.",
        "learn/broken/mistyped_type.py",
    ),
    Topic(
        "aclose_old_connections",
        "Async consumers do not pass through Django's request signals, so connections to the database that are too "
        "old would stay. Channels calls aclose_old_connections before each event. In a task of your own, call it "
        "yourself before you use the ORM.",
        "chat/database.py",
    ),
    Topic(
        "Nested routers",
        "A URLRouter may be inside another one: the outer route must end where the inner begins, and path() needs no "
        "$ at its end. What the inner router has no route for falls to the outer router's next route.",
        "learn/routing.py",
    ),
    Topic(
        "SessionMiddlewareStack",
        "CookieMiddleware and SessionMiddleware. AuthMiddlewareStack is the same with AuthMiddleware. Write to "
        "scope['session'], then save it: on a WebSocket nothing saves it for you, not even the handshake. The answer "
        "of an HTTP consumer does, and sets the cookie.",
        "learn/demos/sessions.py",
    ),
    Topic(
        "Signing in",
        "Use a view: it can set a cookie. login() in a consumer changes the session's key, and the browser of an "
        "accepted WebSocket cannot be given the new one.",
        "learn/demos/sessions.py",
    ),
    Topic(
        "OriginValidator",
        "AllowedHostsOriginValidator takes ALLOWED_HOSTS. OriginValidator takes a list of origins with scheme and "
        "port. Without one of them any page in the world can open a WebSocket to you in your visitor's browser. "
        "Django's cookies are SameSite=Lax: they stay away then, unless the page is on another port or subdomain of "
        "yours.",
        "chat/handshake.py",
    ),
    Topic(
        "ChannelsLiveServerTestCase",
        "Starts Daphne in another process for a test with a browser. It cannot use an in-memory SQLite database, and "
        "the server does not see what the test changes in memory. This project starts its real server instead.",
        "e2e/servers.py",
    ),
    Topic(
        "Deploying",
        "Any ASGI server: Daphne, uvicorn, Hypercorn. Several processes need a layer in Redis. The proxy must pass "
        "the Upgrade header and must not cut idle connections too early.",
        "docs/operations.md",
    ),
    Topic(
        "Daphne and uvicorn",
        "They differ in small things. Daphne does not send the headers given to accept, so that no cookie arrives, "
        "nor the reason given to close, nor an empty frame. An exception in an open connection is 1011 on Daphne and "
        "1006 on uvicorn. When it is stopped, uvicorn closes with 1012 and every consumer's disconnect runs; Daphne "
        "cancels them, and none runs.",
        "learn/tests/test_server_claims.py",
    ),
    Topic(
        "Troubleshooting",
        "Read the server's log first: whatever goes wrong before a connection is open, a browser shows 1006. Daphne’s "
        "“took too long to shut down and was killed” is a consumer that goes on for ten seconds after its connection: "
        "StopConsumer is missing, or a handler still waits for something.",
        "learn/broken/twins.py",
    ),
)
