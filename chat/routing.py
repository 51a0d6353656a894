"""What is served before Django, with the same converter for a room's name as the pages have."""

from django.urls import path, re_path

import chat.urls  # noqa: F401 - registers the converter
from chat.consumers import ChatConsumer
from chat.handshake import no_such_room
from chat.streams import Events, Poll, no_such_stream

websocket_urlpatterns = [
    path("ws/chat/<room:room>/", ChatConsumer.as_asgi()),
    re_path("", no_such_room),  # type: ignore[arg-type]
]

http_urlpatterns = [
    path("chat/<room:room>/events/", Events.application),  # type: ignore[arg-type]
    path("chat/<room:room>/poll/", Poll.application),  # type: ignore[arg-type]
    re_path(r"^chat/[^/]+/(?:events|poll)/$", no_such_stream),  # type: ignore[arg-type]
]
