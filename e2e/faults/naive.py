"""The control: the consumer of the Channels tutorial on the same servers and channel layer.

It stores nothing and resumes nothing. If the harness found no fault with it, the harness would prove nothing.
"""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django_application = get_asgi_application()

from e2e.tutorial.consumer import router  # noqa: E402

application = ProtocolTypeRouter({"http": django_application, "websocket": router})
