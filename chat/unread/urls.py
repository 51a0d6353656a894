"""`/rooms/unread/`: what is unread to a guest."""

from django.urls import path

from chat.unread import guests

urlpatterns = [path("rooms/unread/", guests.unread, name="unread")]
