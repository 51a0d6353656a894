"""`/inbox/`."""

from django.urls import path

from chat.mentions import views

urlpatterns = [path("", views.inbox, name="inbox")]
