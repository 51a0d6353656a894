"""An empty Django view under the project's settings: what a page is measured against.

Without any middleware, or with `BENCH_MIDDLEWARE=1` behind the project's own.
"""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from mysite import settings as project

settings.configure(
    **{name: value for name, value in vars(project).items() if name.isupper()}
    | {"ROOT_URLCONF": __name__, "MIDDLEWARE": project.MIDDLEWARE if os.environ.get("BENCH_MIDDLEWARE") else []}
)


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


async def async_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("", view), path("async/", async_view)]
application = get_asgi_application()
