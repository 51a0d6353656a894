"""What holds for every request, whichever view answers it."""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils.decorators import async_only_middleware

from chat.access import PROBES

Handler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@async_only_middleware
def secure_cookies(get_response: Handler) -> Handler:
    """Cookies are Secure exactly when the request came by HTTPS, so one image serves both kinds of address."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    return middleware


@async_only_middleware
def probes(get_response: Handler) -> Handler:
    """Probes and scrapes ask by the address of a container, which need not be one of ALLOWED_HOSTS."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PROBES:
            return await get_response(request)
        view = resolve(request.path_info).func
        return await view(request)  # type: ignore[no-any-return]

    return middleware


@async_only_middleware
def utf8_only(get_response: Handler) -> Handler:
    """Django would read a form in any encoding that Python knows, `unicode_escape` among them."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            return HttpResponse("Only UTF-8 is understood.", status=400, content_type="text/plain")
        return await get_response(request)

    return middleware
