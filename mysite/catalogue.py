"""`/jsi18n/<language>/<hash>/`: the words of the page's modules, under an address that changes with them.

A page in English links to none: its modules have their words in English already (static/chat/words.js).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from mysite.storage import cache_control

register = template.Library()


class Words(JavaScriptCatalog):
    """Of this project alone: Django's own, for the admin, are many."""

    packages = ["locale"]

    def get_paths(self, packages: Any) -> list[str]:
        return [str(path) for path in settings.LOCALE_PATHS]


@register.simple_tag
def words_script() -> str:
    """Before the modules: deferred scripts run in the order of the page."""
    language = get_language()
    if not language or language == settings.LANGUAGE_CODE:
        return ""
    return format_html('<script src="{}" defer></script>', address(language))


def address(language: str) -> str:
    script = _script(language, _changed())
    return reverse("catalogue", args=[language, hashlib.sha256(script).hexdigest()[:12]])


@require_safe
async def catalogue(request: HttpRequest, language: str, digest: str) -> HttpResponse:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    headers = {"Cache-Control": cache_control(is_current=address(language) == request.path)}
    script = _script(language, _changed())
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script(language: str, changed: float) -> bytes:
    with override(language):
        return Words().get(HttpRequest()).content


def _changed() -> float:
    """When a catalogue was changed last. They are looked at again in development alone."""
    files = [path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.mo")] if settings.DEBUG else []
    return max((path.stat().st_mtime for path in files), default=0)
