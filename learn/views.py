"""The map, a page for each demo, and the end of the path: the room's own source."""

import asyncio
from importlib.metadata import version
from secrets import token_hex
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learn import figures, layers, listing, routes, source
from learn.bounds import limits
from learn.broken.twins import BROKEN
from learn.catalog import DEMOS, GROUPS, ROOT, Demo, room_console, tables
from learn.exercises.catalog import EXERCISES
from learn.more import TOPICS
from learn.notes import NOTES, TO_TRY
from learn.path import PATH, after
from learn.practice.views import coded

# What the four bridges are in the product: file, part of a line, lines before and after it, and which bridge it is.
PRODUCT = (
    ("chat/log.py", "found = Message.objects.filter(room__name=room).changes_after(after)", 5, 9, "the log"),
    ("chat/feed.py", "elif frame.first > self.last + 1:", 4, 4, "the feed"),
    ("chat/writer.py", "batch = [self._waiting.popleft()", 2, 8, "the writer"),
    ("chat/hub.py", "for frame in frames:", 2, 4, "the hub, which joins them"),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": GROUPS,
        "path": PATH,
        "count": len(DEMOS),
        "exercises": [(exercise, coded(exercise.asks)) for exercise in EXERCISES],
    }
    return render(request, "learn/index.html", context)


@require_safe
def demo(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in DEMOS:
        raise Http404("There is no such demo.")
    shown = DEMOS[slug]
    slugs = list(DEMOS)
    place = slugs.index(slug)
    context = {
        "demo": shown,
        "tables": tables(shown.consoles),
        "number": place + 1,
        "count": len(DEMOS),
        "file": listing.whole(shown.file, NOTES[shown.slug], f"{shown.consumer}"),
        "more": [listing.whole(file) for file in shown.more],
        "test": listing.whole(shown.test) if (ROOT / shown.test).exists() else None,  # an image has no tests
        "difference": source.difference(shown) if shown.twin else None,
        "to_try": TO_TRY[shown.slug],
        "routes": routes.routes(shown),
        "limits": limits(shown),
        "previous": DEMOS[slugs[place - 1]] if place else None,
        "next": DEMOS[slugs[place + 1]] if place + 1 < len(slugs) else None,
        "step": _step(shown),
        "is_missing": _is_missing(shown),
    }
    return render(request, "learn/demo.html", context)


@require_safe
def room(request: HttpRequest) -> HttpResponse:
    context = {
        "listings": [listing.excerpt(*part) for part in PRODUCT],
        "consumer": listing.whole("chat/consumers.py"),
        "console": room_console(token_hex(8), uuid4()),
        "figures": figures,
    }
    return render(request, "learn/room.html", context)


@require_safe
async def layers_compared(request: HttpRequest) -> HttpResponse:
    """With DEBUG and `?try=`, of a row or `all`, the experiments are made for the page."""
    tried = await _tried(request.GET.get("try", "")) if settings.DEBUG else {}
    context = {
        "is_live": settings.DEBUG,
        "has_redis": bool(settings.REDIS_URLS),
        "rows": [(row, tried.get(row.key, {})) for row in layers.ROWS],
        "sent": layers.SENT,
        "cards": layers.CARDS,
        "settings_named": layers.NAMED,
        "channels": version("channels"),
        "channels_redis": version("channels-redis"),
    }
    return render(request, "learn/layers.html", context)


async def _tried(key: str) -> dict[str, dict[str, str]]:
    from learn.experiments import EXPERIMENTS, tried  # never imported in production

    keys = [key] if key in EXPERIMENTS else [*EXPERIMENTS] if key == "all" else []
    redis = settings.REDIS_URLS[0] if settings.REDIS_URLS else ""
    return dict(zip(keys, await asyncio.gather(*(tried(each, redis) for each in keys)), strict=True))


@require_safe
def routing(request: HttpRequest) -> HttpResponse:
    """Whole, with a number for each line, which the demos' pages point to."""
    return render(request, "learn/routing.html", {"listings": [listing.whole(file) for file in routes.FILES]})


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/more.html", {"topics": TOPICS})


@require_safe
def broken(request: HttpRequest) -> HttpResponse:
    shown = [(twin, listing.marked(twin.file, twin.line)) for twin in BROKEN]
    return render(request, "learn/broken.html", {"twins": shown, "is_live": settings.DEBUG})


def _step(shown: Demo) -> dict[str, object] | None:
    """Where on the newcomer's path this demo stands, and what comes after it."""
    for number, stop in enumerate(PATH):
        if stop.slug == shown.slug:
            return {"number": number, "of": len(PATH) - 1, "lacked": stop.lacked, "after": after(stop.slug)}
    return None


def _is_missing(shown: Demo) -> str:
    if shown.needs == "redis" and not settings.REDIS_URLS:
        return "This server has no Redis, so it is alone with its in-memory layer."
    if shown.slug == "worker":
        return "A worker is a process of its own; without one nobody answers."
    if shown.needs == "telegram":
        return "The bot needs a token of your own. Here its consumer answers without Telegram."
    return ""
