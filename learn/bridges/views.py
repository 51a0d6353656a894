"""A bridge's page. What the step before loses is run for the page with DEBUG; else the recorded rows are shown."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learn import figures, listing
from learn.bridges.catalog import BRIDGES, Bridge
from learn.lab.views import SAID, SIGNS


@require_safe
async def bridge(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BRIDGES:
        raise Http404("There is no such bridge.")
    shown, slugs = BRIDGES[slug], list(BRIDGES)
    place = slugs.index(slug)
    rows, told = await _run(shown) if settings.DEBUG else (shown.after, shown.figures)
    file, line, before, after = shown.product
    context = {
        "bridge": shown,
        "number": place + 1,
        "step": place + 3,
        "listing": listing.whole(shown.file, shown.notes),
        "rows": [(name, [(kind, SIGNS[kind], SAID[kind]) for kind in kinds]) for name, kinds in rows.items()],
        "told": told,
        "columns": range(1, 11),
        "signs": [(kind, icon, SAID[kind]) for kind, icon in SIGNS.items()],
        "does": listing.excerpt(file, line, before, after),
        "next": BRIDGES[slugs[place + 1]] if place + 1 < len(slugs) else None,
        "figures": figures,
        "is_live": settings.DEBUG,
    }
    return render(request, "learn/bridge.html", context)


async def _run(shown: Bridge) -> tuple[dict[str, list[str]], dict[str, str]]:
    from learn.bridges import live  # never imported in production

    match shown.name:
        case "log":
            return await live.log_rows(), {}
        case "feed":
            return await live.feed_rows(), {}
        case "writer":
            rows = await live.writer_rows()
            return {}, {
                name: f"{count} transactions, {ms} ms".replace("1 transactions", "1 transaction")
                for name, (count, ms) in rows.items()
            }
        case _:
            return {}, {name: people or "nobody" for name, people in (await live.lease_rows()).items()}
