"""An empty Django view under the project's settings: what a page is measured against.

Without any middleware, or with `BENCH_MIDDLEWARE=1` behind the project's own.
"""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.ROOT_URLCONF = __name__
if "BENCH_MIDDLEWARE" not in os.environ:
    settings.MIDDLEWARE = []


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


async def async_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("", view), path("async/", async_view)]
application = get_asgi_application()
