from django.urls import path

from chat.members import views

urlpatterns = [
    path("rooms/", views.rooms, name="rooms"),
    path("rooms/new/", views.new, name="new_room"),
    path("people/<id:id>/block/", views.block, name="block"),
]
