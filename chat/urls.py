from django.urls import path, register_converter

from chat import streams, views
from chat.names import RoomNameConverter

register_converter(RoomNameConverter, "room")

urlpatterns = [
    path("", views.lobby, name="lobby"),
    path("<room:room>/", views.room, name="room"),
    path("<room:room>/history/", views.history, name="history"),
    path("<room:room>/messages/", views.messages, name="messages"),
    path("<room:room>/messages/<int:id>/", views.edit, name="edit"),
    path("<room:room>/messages/<int:id>/delete/", views.delete, name="delete"),
    path("<room:room>/events/", streams.events, name="events"),
    path("<room:room>/poll/", streams.poll, name="poll"),
    path("<room:room>/name/", views.name, name="name"),
]
