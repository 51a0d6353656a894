"""What holds for every request, whichever view answers it.

Django's middleware makes a trip to a thread for each of its hooks when the server is asynchronous, and so needs a
thread for each request. Those listed here wait for nothing, so their hooks are called where they are.
"""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import REASON_BAD_REFERER, CsrfViewMiddleware, RejectRequest
from django.middleware.gzip import GZipMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.decorators import async_only_middleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import get_language_from_request, override
from servestatic.middleware import ServeStaticMiddleware

from chat import origins
from chat.database import writing
from chat.observed.access_log import PROBES
from mysite import storage

ENGLISH_ALONE = ("/admin/", "/learn/")
Handler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

if TYPE_CHECKING:
    Hooks = MiddlewareMixin
else:
    Hooks = object


class InTheLoop(Hooks):
    """Before one of Django's in the list of bases: its hooks without the trips."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        ask, answer = getattr(self, "process_request", None), getattr(self, "process_response", None)
        response = (ask(request) if ask else None) or await self.get_response(request)  # type: ignore[misc]
        return answer(request, response) if answer else response  # type: ignore[no-any-return]


class GZip(InTheLoop, GZipMiddleware):
    pass


class Security(InTheLoop, SecurityMiddleware):
    pass


class ContentSecurityPolicy(InTheLoop, ContentSecurityPolicyMiddleware):
    pass


class Common(InTheLoop, CommonMiddleware):
    pass


class XFrameOptions(InTheLoop, XFrameOptionsMiddleware):
    pass


class Authentication(InTheLoop, AuthenticationMiddleware):
    pass


class Csrf(InTheLoop, CsrfViewMiddleware):
    """Asks about origins where WebSockets do, so that a page may post exactly where it may connect."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        return _may_post(request, request.META["HTTP_ORIGIN"])

    def _check_referer(self, request: HttpRequest) -> None:
        """By HTTPS without an Origin: the Referer says which page it was."""
        referer = request.META.get("HTTP_REFERER", "")
        if not _may_post(request, "/".join(referer.split("/", 3)[:3])):
            raise RejectRequest(REASON_BAD_REFERER % referer)

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        # It is logged, and repeats what was sent.
        return super()._reject(request, reason[: origins.LENGTH_MAX])  # type: ignore[misc,no-any-return]

    async def process_view(self, request: HttpRequest, *view: Any) -> Any:  # type: ignore[override]
        return super().process_view(request, *view)


def _may_post(request: HttpRequest, origin: str) -> bool:
    return origins.is_allowed(origin, origins.parse(f"{request.scheme}://{request.get_host()}"))


class Sessions(InTheLoop, SessionMiddleware):
    """To save one takes a thread; one that nobody changed is not even read."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        response = await self.get_response(request)  # type: ignore[misc]
        finish = writing(self.process_response) if request.session.modified else None
        return await finish(request, response) if finish else self.process_response(request, response)


class Messages(InTheLoop, MessageMiddleware):
    pass


class StaticFiles(ServeStaticMiddleware):
    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked_for, request.path_info = storage.without_version(request.path_info)
        response: HttpResponseBase = await super().__call__(request)
        if asked_for and response.status_code < 400:
            response["Cache-Control"] = storage.cache_control(is_current=asked_for == storage.version())
        return response

    @staticmethod
    async def aserve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Read at once, since all are small: the library keeps a thread for each file until its last byte is sent."""
        found = static_file.get_response(request.method, request.META)
        with found.file or BytesIO() as file:
            response = HttpResponse(file.read(), status=found.status)
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response

    def add_file_to_dictionary(self, *args: Any, **kwargs: Any) -> None:
        """With autorefresh each file is looked up when it is asked for: to open them all first delays the start."""
        if not self.autorefresh:
            super().add_file_to_dictionary(*args, **kwargs)


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
def uncached(get_response: Handler) -> Handler:
    """Every page knows who asks, and answers in the form asked for, unless it says itself that it is public.

    Static files have been served before.
    """

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        response = await get_response(request)
        if "public" in response.get("Cache-Control", ""):
            return response
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie", "Accept", "Accept-Language", "HX-Request"])
        return response

    return middleware


@async_only_middleware
def in_their_language(get_response: Handler) -> Handler:
    """The one that they chose (mysite.languages), else what the browser asks for. Streams and sockets have none."""

    async def middleware(request: HttpRequest) -> HttpResponseBase:
        is_english = request.path_info.startswith(ENGLISH_ALONE)
        with override("en" if is_english else get_language_from_request(request)):
            return await get_response(request)

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
