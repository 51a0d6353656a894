"""The classroom's pages, and the views of its last demo. What its consumers answer is routed in learn/routing.py."""

from django.urls import path

from learn import views
from learn.bridges.views import bridge
from learn.demos import views as live
from learn.lab.views import failures, running
from learn.practice.views import exercise, run_test
from learn.start.views import start

urlpatterns = [
    path("", views.index, name="learn"),
    path("the-room/", views.room, name="learn-room"),
    path("layers-compared/", views.layers_compared, name="learn-layers"),
    path("more/", views.more, name="learn-more"),
    path("addresses/", views.routing, name="learn-addresses"),
    path("broken/", views.broken, name="learn-broken"),
    path("start/", start, name="learn-start"),
    path("bridges/<slug:slug>/", bridge, name="learn-bridge"),
    path("exercises/<int:number>/", exercise, name="learn-exercise"),
    path("exercises/<int:number>/test/", run_test, name="learn-test"),
    path("failures/", failures, name="learn-failures"),
    path("failures/live/", running, name="learn-lab"),
    path("failures/<slug:fault>/", failures, name="learn-failure"),
    path("<slug:slug>/", views.demo, name="learn-demo"),
    path("views/live/sync/", live.sync_view),
    path("views/live/async/", live.async_view),
    path("views/live/announcing/", live.announcing_view),
]
