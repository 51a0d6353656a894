"""The lab's page: with DEBUG a sandbox is run for it, else the recorded run is shown."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learn import listing
from learn.lab.faults import FAULTS
from learn.lab.outcome import SHOWN, WORDS, Outcome
from learn.lab.recorded import recorded

FIRST = "cut"
LANES = {"tutorial": "The tutorial’s consumer", "product": "This product"}
SIGNS = {"heard": "check", "late": "history", "twice": "copy", "order": "chevrons-up-down", "lost": "x"}
SAID = {"heard": "heard", "late": "late, in order", "twice": "twice", "order": "out of order", "lost": "lost"}


@require_safe
async def failures(request: HttpRequest, fault: str = FIRST) -> HttpResponse:
    if fault not in FAULTS:
        raise Http404("There is no such fault.")
    outcome, is_live = recorded()[fault], False
    if settings.DEBUG:
        outcome, is_live = await _run(fault) or outcome, True
    return render(request, "learn/failures.html", _context(fault, outcome, is_live=is_live))


@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """The lab while it runs: its page draws what the sandbox says."""
    context = {
        "faults": FAULTS.values(),
        "signs": [(kind, icon, SAID[kind]) for kind, icon in SIGNS.items()],
        "lanes": LANES,
        "columns": range(SHOWN),
        "is_live": settings.DEBUG,
        "about": _about() if settings.DEBUG else "",
    }
    return render(request, "learn/lab.html", context)


def _about() -> str:
    from learn.lab.ground import ground  # never imported in production

    return ground().about


async def _run(fault: str) -> Outcome | None:
    from learn.lab.run import Full, run  # never imported in production

    try:
        return await run(fault)
    except (Full, TimeoutError):
        return None


def _context(fault: str, outcome: Outcome, *, is_live: bool) -> dict[str, object]:
    shown, slugs = FAULTS[fault], list(FAULTS)
    asked = [number for number, heard in enumerate(_all(outcome), 1) if set(heard) != {"heard"}]
    lanes = [(name, [_row(outcome, lane, reader, asked) for reader in ("Ann", "Bo")]) for lane, name in LANES.items()]
    return {
        "fault": shown,
        "faults": [(each, recorded()[each.slug]) for each in FAULTS.values()],
        "words": [(number, word, number in asked) for number, word in enumerate(WORDS, 1)],
        "lanes": lanes,
        "signs": [(kind, icon, SAID[kind]) for kind, icon in SIGNS.items()],
        "outcome": outcome,
        "lost": {lane: outcome.lost(lane) for lane in LANES},
        "heals": listing.excerpt(shown.file, shown.line, shown.before, shown.after, "what heals it"),
        "next": FAULTS[slugs[(slugs.index(fault) + 1) % len(slugs)]],
        "about": _about() if is_live else "",
        "is_live": is_live,
    }


def _all(outcome: Outcome) -> list[tuple[str, ...]]:
    """For each word what became of it with every reader."""
    rows = [*outcome.tutorial.values(), *outcome.product.values()]
    return list(zip(*rows, strict=True))


def _row(outcome: Outcome, lane: str, reader: str, asked: list[int]) -> tuple[str, list[dict[str, object]]]:
    cells: list[dict[str, object]] = []
    for number, kind in enumerate(getattr(outcome, lane)[reader], 1):
        later = bool(asked) and number >= asked[0]
        is_asked = number in asked and lane == "tutorial" and reader == "Bo"
        word = "" if kind == "lost" else WORDS[number - 1]
        cells.append(
            {"kind": kind, "icon": SIGNS[kind], "said": SAID[kind], "word": word, "later": later, "asked": is_asked}
        )
    return reader, cells
