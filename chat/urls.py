"""Under `/chat/`: the lobby, rooms, and what features add to rooms."""

from django.urls import include, path, register_converter

from chat import history, lobby, views
from chat.names import MessageIdConverter, RoomNameConverter

register_converter(RoomNameConverter, "room")
register_converter(MessageIdConverter, "id")

urlpatterns = [
    path("", lobby.lobby, name="lobby"),
    path("<room:room>/", views.room, name="room"),
    path("<room:room>/history/", history.history, name="history"),
    path("<room:room>/messages/", views.messages, name="messages"),
    path("<room:room>/messages/<id:id>/", views.message, name="message"),
    path("<room:room>/messages/<id:id>/delete/", views.delete, name="delete"),
    path("<room:room>/frames/", views.frames, name="frames"),
    path("", include("chat.members.room_urls")),
    path("", include("chat.mentions.room_urls")),
    path("", include("chat.moderation.room_urls")),
    path("", include("chat.notifications.urls")),
    path("", include("chat.unread.room_urls")),
    path("", include("chat.reactions.urls")),
    path("", include("chat.renaming.urls")),
]
