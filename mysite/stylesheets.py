"""Stylesheets: written in small files by subject, sent as one, under an address that changes with their content.

A page would ask for ten files one by one; joined they are one request, and kept by the browser for a year.
"""

import hashlib
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from mysite.storage import cache_control

FOLDER = Path(__file__).resolve().parent.parent / "static" / "chat" / "look"
SHEETS = {
    "chat": (
        "tokens",
        "base",
        "controls",
        "people",
        "room",
        "message",
        "words",
        "composer",
        "popups",
        "lobby",
        "search",
        "pages",
        "modes",
    ),
    "learn": ("tokens", "base", "controls"),  # the classroom has a stylesheet of its own beside it
}

register = template.Library()


@register.simple_tag
def stylesheet(name: str) -> str:
    """The address of a sheet as it is now."""
    return _address(name, _changed(name))


@cache
def _address(name: str, changed: float) -> str:
    digest = hashlib.sha256(_joined(name, changed).encode()).hexdigest()[:12]
    return reverse("stylesheet", args=[name, digest])


@require_safe
async def sheet(request: HttpRequest, name: str, digest: str) -> HttpResponse:
    if name not in SHEETS:
        raise Http404
    headers = {"Cache-Control": cache_control(is_current=stylesheet(name) == request.path)}
    return HttpResponse(_joined(name, _changed(name)), content_type="text/css; charset=utf-8", headers=headers)


@cache
def _joined(name: str, changed: float) -> str:
    return "\n".join(path.read_text() for path in _files(name))


def _changed(name: str) -> float:
    """When one of its files was changed last. They are looked at again in development alone."""
    return max(path.stat().st_mtime for path in _files(name)) if settings.DEBUG else 0


def _files(name: str) -> list[Path]:
    return [FOLDER / f"{part}.css" for part in SHEETS[name]]
