"""`/language/`: the language that somebody chose, kept in a cookie.

Which one a page has is decided in mysite.middleware: the chosen one, else what the browser asks for.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@require_POST
async def choose(request: HttpRequest) -> HttpResponse:
    """Back to the page in `next`, or where one came from, in the `language` that was asked for."""
    if request.POST.get("language") not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(f"language: one of {', '.join(dict(settings.LANGUAGES))}.", "text/plain")
    response: HttpResponse = set_language(request)
    response.cookies[settings.LANGUAGE_COOKIE_NAME]["samesite"] = "Lax"
    return response
