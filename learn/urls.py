"""The classroom's pages, and the views of its last demo. What its consumers answer is routed in learn/routing.py."""

from django.urls import path

from learn import views
from learn.demos import views as live

urlpatterns = [
    path("", views.index, name="learn"),
    path("the-room/", views.room, name="learn-room"),
    path("<slug:slug>/", views.demo, name="learn-demo"),
    path("views/live/sync/", live.sync_view),
    path("views/live/async/", live.async_view),
    path("views/live/announcing/", live.announcing_view),
]
