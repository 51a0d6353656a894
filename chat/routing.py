"""What is served before Django, with the same names of rooms as the pages have."""

from django.urls import path, re_path

import chat.urls  # noqa: F401 - registers the converter
from chat.consumers import ChatConsumer
from chat.features import SOCKETS
from chat.handshake import no_such_room
from chat.lobby import LobbyConsumer
from chat.names import LOBBY
from chat.streams import Events, Poll

websocket_urlpatterns = [
    *(path(address, application) for address, application in SOCKETS.items()),
    path("ws/chat/", LobbyConsumer.as_asgi(), {"room": LOBBY}),
    path("ws/chat/<room:room>/", ChatConsumer.as_asgi()),
    re_path("", no_such_room),  # type: ignore[arg-type]
]

http_urlpatterns = [
    path("chat/<str:room>/events/", Events.application),  # type: ignore[arg-type]
    path("chat/<str:room>/poll/", Poll.application),  # type: ignore[arg-type]
]
