from django.urls import path

from chat.jump import views

urlpatterns = [path("rooms/find/", views.find, name="find_room")]
