"""`/search/?q=…`: a page of what was found, and the next ones by `cursor`. With `room`, a part for that room's page.

The filters `from`, `in` and `when` lead to the address of the query that has them in it.
"""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chat import identity
from chat.database import reading
from chat.days import zone_of
from chat.permissions import why_not_enter
from chat.protocol import number
from chat.search.filters import filters
from chat.search.finding import Hit, find
from chat.search.query import ANY, FILTERS, Query, narrowed, parse
from chat.search.showing import shown

FIELDS = "q", "cursor", "room"


@require_safe
async def search(request: HttpRequest) -> HttpResponse:
    return await _search(request)


@reading
def _search(request: HttpRequest) -> HttpResponse:
    you = identity.of_request(request)
    if refused := why_not_enter(you):
        raise PermissionDenied(refused)
    asked = {name: request.GET.get(name, "").replace("\0", " ").strip() for name in (*FIELDS, *FILTERS)}
    typed, cursor, room = (asked[name] for name in FIELDS)
    is_part: bool = bool(request.htmx)  # type: ignore[attr-defined]
    filtered = {name: asked[name] for name in FILTERS if name in request.GET}
    if room and not is_part:
        filtered["in"] = room
    if filtered:
        return redirect(_address(narrowed(typed, {name: value for name, value in filtered.items() if value})))
    zone = zone_of(request.COOKIES)
    context: dict[str, object] = {"q": typed, "room": room}
    query, hits, status = Query(), list[Hit](), 200
    try:
        query = parse(typed, zone)
        if room and typed and not query.rooms:
            query.rooms.append(room)
        found = find(query, you, number(cursor))
    except ValueError as error:
        context["problem"], status = str(error), 400
    else:
        hits = found.hits
        context["shown"] = shown(hits, query, you, zone)
        if found.cursor:
            context["more"] = urlencode({"q": typed, "cursor": found.cursor} | ({"room": room} if room else {}))
    part = "_hits.html" if cursor else "_found.html" if room else ""
    if is_part and part:
        return render(request, f"chat/search/{part}", context, status=status)
    context["filters"] = filters(query, you, zone, {hit.author_name for hit in hits})
    context["wider"] = [] if hits else _wider(typed, query)
    return render(request, "chat/search/search.html", context, status=status)


def _address(query: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': query})}"


def _wider(typed: str, query: Query) -> list[tuple[str, str]]:
    """What to search for where nothing was found: labels and addresses."""
    narrow = {"from": query.authors, "in": query.rooms, "when": query.since or query.until}
    labels = {"from": gettext("From anybody"), "in": gettext("In every room"), "when": gettext("At any time")}
    return [(labels[name], _address(narrowed(typed, {name: ANY}))) for name, narrows in narrow.items() if narrows]
