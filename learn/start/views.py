"""The page of step 0."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learn import listing
from learn.catalog import DEMOS
from learn.listing import Line, Listing
from learn.start.steps import OLD, STEPS, TROUBLE, Part

FOLDER = "learn/start/project"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    steps = [(number, step, [shown(part) for part in step.parts]) for number, step in enumerate(STEPS, 1)]
    context = {"steps": steps, "trouble": TROUBLE, "console": DEMOS["echo-async"].consoles[0]}
    return render(request, "learn/start.html", context)


def shown(part: Part) -> Listing:
    found = listing.whole(f"{FOLDER}/{part.file}", part.notes, part.about)
    lines = found.lines if part.is_whole else [_marked(line, part) for line in found.lines]
    return Listing(part.name, part.about, lines, found.notes)


def _marked(line: Line, part: Part) -> Line:
    is_old = part.lines[int(line.number) - 1] in OLD[part.file]
    return line if is_old else Line(line.number, line.html, f"{line.kinds} new")
