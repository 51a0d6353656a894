"""The page of an exercise. With DEBUG it has consoles, and follows the file."""

import re
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from learn import listing
from learn.catalog import DEMOS, Console, tables
from learn.exercises.catalog import EXERCISES, Exercise
from learn.practice.hints import HINTS, QUERIES, TRIES
from learn.practice.sentences import sentences

ROOM = "lobby"


@require_safe
def exercise(request: HttpRequest, number: int) -> HttpResponse:
    shown = exercise_of(number)
    points, more = asked_for(shown)
    context: dict[str, Any] = {
        "exercise": shown,
        "asks": coded(shown.asks),
        "count": len(EXERCISES),
        "points": points,
        "more": more,
        "demo": DEMOS[shown.demo],
        "there": coded(shown.there),
        "hint": coded(HINTS[number]),
        "file": file_now(shown),
        "solution": listing.whole(shown.solution),
        "tables": tables(consoles(shown)) if settings.DEBUG else (),
        "is_live": settings.DEBUG,
        "next": EXERCISES[number] if number < len(EXERCISES) else None,
        **(test_now(shown) if settings.DEBUG else {}),
    }
    return render(request, "learn/exercise.html", context)


@require_POST
async def run_test(request: HttpRequest, number: int) -> HttpResponse:
    """Of the learner's own file, on their own machine. The page shows what came of it."""
    shown = exercise_of(number)
    if not settings.DEBUG:
        raise Http404("Exercises are tested with DEBUG alone.")
    from learn.practice.tested import try_out  # never imported in production

    await try_out(shown)
    return redirect(reverse("learn-exercise", args=[number]) + "#test")


def exercise_of(number: int) -> Exercise:
    if not 1 <= number <= len(EXERCISES):
        raise Http404("There is no such exercise.")
    return EXERCISES[number - 1]


def test_now(shown: Exercise) -> dict[str, Any]:
    """What is tested, and what came of it last."""
    from learn.practice.live import saved_at  # never imported in production
    from learn.practice.tested import last

    trial = last(shown)
    return {
        "sentences": sentences(shown).values(),
        "trial": trial,
        "is_of_this_file": bool(trial and trial.stamp == saved_at(shown)),
    }


def file_now(shown: Exercise) -> listing.Listing:
    """As given; with DEBUG as it is saved at this moment."""
    if not settings.DEBUG:
        return _from_the_code_on(listing.whole(shown.file))
    from learn.practice.live import file_of  # never imported in production

    file = file_of(shown)
    if not file.is_file():
        return listing.Listing(shown.file, "this file is not there", [], [])
    return _from_the_code_on(
        listing.Listing(shown.file, "your file", listing.lines_of(file.read_text(errors="replace")))
    )


def _from_the_code_on(found: listing.Listing) -> listing.Listing:
    """Without what the page says already: the file's own first words."""
    texts = [strip_tags(line.html).strip() for line in found.lines]
    if not texts or not texts[0].startswith('"""') or '"""' not in texts[1:]:
        return found
    return replace(found, lines=found.lines[texts.index('"""', 1) + 2 :])


def consoles(shown: Exercise) -> tuple[Console, ...]:
    tries = TRIES[shown.number]
    if shown.is_http:
        path = f"/learn/exercises/{shown.number}/live/{ROOM}/"
        return Console(path, tries[:1], "Ada listens"), Console(path, tries[1:], "Bob speaks")
    path = f"/ws/learn/exercises/{shown.number}/live/{ROOM}/"
    queries = QUERIES.get(shown.number, ("", ""))
    return tuple(Console(path + query, tries, name) for name, query in zip(("Ada", "Bob"), queries, strict=True))


def asked_for(shown: Exercise) -> tuple[list[SafeString], list[SafeString]]:
    """The points of the file's first lines, and what stands beneath them."""
    from learn.exercises.catalog import text

    _, _, rest = text(shown).partition("\n- ")
    points, _, more = rest.partition("\n\n")
    return (
        [coded(" ".join(point.split())) for point in points.split("\n- ")],
        [coded(" ".join(part.split())) for part in more.split("\n\n") if part],
    )


def coded(text: str) -> SafeString:
    """What stands between backticks as code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped
