from channels.auth import get_user, login, logout
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import parse_cookie

from learn.models import Visitor
from learn.sessions import SessionStore

COOKIE = "classroom"


class ClassroomSession:
    """Middleware: an application around another, that adds a session to the scope."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        header = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
        key = parse_cookie(header).get(COOKIE)
        session = SessionStore(key, scope.get("client"))  # a row that lasts an hour

        async def send_with_cookie(message):
            if message["type"] == "websocket.accept":
                await session.asave()
                cookie = f"{COOKIE}={session.session_key}; Path=/ws/learn/; HttpOnly"
                cookie += "; Secure" if scope.get("scheme") == "wss" else ""
                message = {**message, "headers": [(b"set-cookie", cookie.encode())]}
            await send(message)

        await self.inner(dict(scope, session=session), receive, send_with_cookie)


class SessionConsumer(AsyncWebsocketConsumer):
    """`login` and `logout` write to the session; nothing is kept until it is saved.

    A cookie can be set with the answer to the handshake, by servers that send headers
    with it (not Daphne), and never after it. So the session is in the database, and the
    cookie holds only its key. (In the rooms, accounts do so; guests have no session.)
    """

    async def connect(self):
        session = self.scope["session"]
        session["visits"] = await session.aget("visits", 0) + 1
        self.scope["user"] = await get_user(self.scope)
        await self.accept()
        text = f"visit {session['visits']}, user {self.scope['user']}"
        await self.send(text_data=text)

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "login":
            # Anybody, for show, and no account of the rooms: those are authenticated.
            visitors = Visitor.objects
            user, _ = await visitors.aget_or_create(username="classroom-visitor")
            await login(self.scope, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            await database_sync_to_async(self.scope["session"].save)()
        elif text_data == "logout":
            await logout(self.scope)  # the session is gone with all that it held
        await self.send(text_data=f"user {self.scope['user']}")
