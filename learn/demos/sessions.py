from channels.auth import get_user, login, logout
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.http import parse_cookie

COOKIE = "classroom"


class ClassroomSession:
    """Middleware: an ASGI application around another one, that puts a session from the database into the scope.

    The product keeps its sessions in the cookie itself, which nobody can write once a WebSocket is accepted. This
    one has only a key there, given with the answer to the handshake, the one moment at which a cookie can be set.
    """

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
        session = SessionStore(cookies.get(COOKIE))
        await session.aset_expiry(3600)

        async def send_with_cookie(message):
            if message["type"] == "websocket.accept":
                await session.asave()
                cookie = f"{COOKIE}={session.session_key}; Path=/ws/learn/; HttpOnly; SameSite=Strict"
                message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", cookie.encode())]}
            await send(message)

        await self.inner(dict(scope, session=session), receive, send_with_cookie)


class SessionConsumer(AsyncWebsocketConsumer):
    """`login` and `logout` from a consumer: they write to the session, and nothing is kept until it is saved."""

    async def connect(self):
        session = self.scope["session"]
        session["visits"] = await session.aget("visits", 0) + 1
        self.scope["user"] = await get_user(self.scope)
        await self.accept()
        await self.send(text_data=f"visit {session['visits']}, user {self.scope['user']}")

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "login":
            # Whoever asks, for show: a real one would call django.contrib.auth.authenticate first.
            user, _ = await get_user_model().objects.aget_or_create(username="classroom-visitor")
            await login(self.scope, user, backend="django.contrib.auth.backends.ModelBackend")
        elif text_data == "logout":
            await logout(self.scope)
        await database_sync_to_async(self.scope["session"].save)()
        await self.send(text_data=f"user {self.scope['user']}")
