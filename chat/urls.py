from django.urls import path, register_converter

from chat import views
from chat.names import RoomNameConverter

register_converter(RoomNameConverter, "room")

urlpatterns = [
    path("", views.lobby, name="lobby"),
    path("<room:room>/", views.room, name="room"),
    path("<room:room>/history/", views.history, name="history"),
    path("<room:room>/messages/", views.messages, name="messages"),
    path("<room:room>/name/", views.name, name="name"),
]
