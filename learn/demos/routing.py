from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path


class PublicChatConsumer(AsyncWebsocketConsumer):
    """For everyone. Each router and middleware below is an application around another.

    `ProtocolTypeRouter` looks at the scope's type, the validator at the Origin header,
    `AuthMiddlewareStack` adds cookies, session and user, and `URLRouter` looks at the
    path and adds the named parts of it.
    """

    async def connect(self):
        await self.accept()
        room_name = self.scope["url_route"]["kwargs"]["room_name"]
        text = f"public, room {room_name}, user {self.scope['user']}"
        await self.send(text_data=text)

    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=text_data, bytes_data=bytes_data)


class AdminChatConsumer(PublicChatConsumer):
    """For staff. It accepts before it closes, or the page could not tell why."""

    async def connect(self):
        await self.accept()
        if self.scope["user"].is_staff:
            await self.send(text_data=f"admin, user {self.scope['user']}")
        else:
            reason = "For staff alone: sign in at /accounts/login/ first."
            await self.close(code=4403, reason=reason)


urlpatterns = [
    path("chat/admin/", AdminChatConsumer.as_asgi()),  # the more exact one comes first
    path("chat/<slug:room_name>/", PublicChatConsumer.as_asgi()),
]
signed_in = AuthMiddlewareStack(URLRouter(urlpatterns))
application = ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(signed_in)})
