"""The Channels tutorial as its part 3 leaves it: one group for each room, `channels_redis.core`, nothing stored."""

import os

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # redis-py 8 would end a connection that waits for 5 s, as the layer does: see docs/architecture.md.
            "CONFIG": {"hosts": [{"address": os.environ["REDIS_URL"], "socket_timeout": None}], "capacity": 10_000},
        }
    },
)
urlpatterns: list[object] = []
django_application = get_asgi_application()


from e2e.tutorial.consumer import router  # noqa: E402

application = ProtocolTypeRouter({"http": django_application, "websocket": router})
