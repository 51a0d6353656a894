"""Outside rooms: the list of them, a new one, where an invitation leads, blocking."""

from django.urls import path

from chat.members import inviting, persons, views

urlpatterns = [
    path("rooms/", views.rooms, name="rooms"),
    path("invite/r.<slug:code>/", inviting.invited, name="room_invitation"),
    path("rooms/new/", views.new, name="new_room"),
    path("people/<id:id>/", persons.person, name="person"),
    path("people/<id:id>/block/", persons.block, name="block"),
]
