"""Every WebSocket address, with the same converter for a room's name as the pages have."""

from django.urls import path, re_path

import chat.urls  # noqa: F401 - registers the converter
from chat.consumers import ChatConsumer, no_such_room

websocket_urlpatterns = [
    path("ws/chat/<room:room>/", ChatConsumer.as_asgi()),
    re_path("", no_such_room),  # type: ignore[arg-type]
]
