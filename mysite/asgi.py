"""The whole routing on one screen: streams, WebSockets, start and stop, and Django for every other page."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django.setup(set_prefix=False)  # what imports models comes after it

from chat.handshake import SameOriginOnly  # noqa: E402
from chat.observed.access_log import Logged  # noqa: E402
from chat.routing import http_urlpatterns, websocket_urlpatterns  # noqa: E402
from mysite.handler import Handler  # noqa: E402
from mysite.lifespan import lifespan  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Logged(URLRouter([*http_urlpatterns, re_path("", Handler())])),  # type: ignore[arg-type]
        "websocket": Logged(SameOriginOnly(URLRouter(websocket_urlpatterns))),
        "lifespan": lifespan,
    }
)
if settings.LEARN:
    from learn.routing import with_classroom

    application = with_classroom(application)
