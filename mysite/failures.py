"""What is answered where no view comes to a result, in the form that was asked for."""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext
from django.views.defaults import page_not_found

from chat.protocol import Refused, no_such_room, unavailable
from chat.refusals import in_words
from chat.views import wants_json
from mysite.middleware import InTheLoop


class DatabaseUnavailable(InTheLoop, MiddlewareMixin):
    """A database that does not answer is not an error of ours: 503 and a time, in the form asked for."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        refused = unavailable()
        response: HttpResponse
        if wants_json(request):
            response = JsonResponse(refused.event(), status=503)
        else:
            response = render(request, "503.html", {"detail": in_words(refused), "typed": request.POST}, status=503)
        response["Retry-After"] = str(refused.retry_after)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page shows what was typed, in a form that is up to date."""
    if wants_json(request):
        detail = "This form is out of date. Load the page again, then send it."
        return JsonResponse(Refused("forbidden", detail, reason="csrf").event(), status=403)
    detail = gettext("The form was out of date. Go back, load the page again, then send it.")
    if request.POST.get("message"):
        detail = gettext("The form was out of date. Here is what you wrote.")
    context = {"detail": detail, "typed": request.POST}
    return render(request, "403.html", context, status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A PermissionDenied that was raised with a Refused says why."""
    refused = exception.args[0] if exception.args and isinstance(exception.args[0], Refused) else None
    if refused and wants_json(request):
        return JsonResponse(refused.event(), status=403)
    context = {"detail": in_words(refused) if refused else str(exception), "refused": refused}
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is no room's name and for a room that one may not know of, in each form."""
    if request.path.startswith(reverse("lobby")) and wants_json(request):
        return JsonResponse(no_such_room().event(), status=404)
    return page_not_found(request, exception)
