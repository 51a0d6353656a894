"""The whole routing on one screen: HTTP goes to Django, WebSockets to consumers, start and stop to the lifespan."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django_application = get_asgi_application()  # sets Django up: what imports models comes after it

from chat.access import Logged  # noqa: E402
from chat.lifespan import lifespan  # noqa: E402
from chat.origins import SameOriginOnly  # noqa: E402
from chat.routing import websocket_urlpatterns  # noqa: E402
from learn.routing import with_classroom  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Logged(django_application),
        "websocket": Logged(SameOriginOnly(URLRouter(websocket_urlpatterns))),
        "lifespan": lifespan,
    }
)
application = with_classroom(application)
