"""`/search/?q=…`: a page of what was found, and the next ones by `cursor`. With `room`, a part for that room's page."""

from dataclasses import dataclass
from datetime import tzinfo
from functools import reduce
from html import escape
from operator import or_
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.display_names import initial
from chat import direct, identity
from chat.database import reading
from chat.days import near, today, zone_of
from chat.identity import Identity
from chat.markup import disc
from chat.models import Message
from chat.permissions import why_not_enter
from chat.protocol import number
from chat.rights import readable_by
from chat.search.finding import Hit, find
from chat.search.query import Query, parse
from chat.search.words import terms

BEFORE, AFTER = 80, 200  # characters shown around the first word that was found
NEAR = 3  # numbers among which the messages before and after are looked for


@dataclass(frozen=True, slots=True)
class Line:
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    hit: Hit
    title: str  # of its room
    disc: str  # its classes
    initial: str
    time: str
    text: SafeString  # a part of it, with the words that were found marked
    before: Line | None
    after: Line | None


@require_safe
async def search(request: HttpRequest) -> HttpResponse:
    return await _search(request)


@reading
def _search(request: HttpRequest) -> HttpResponse:
    you = identity.of_request(request)
    if refused := why_not_enter(you):
        raise PermissionDenied(refused)
    typed, cursor, room = (request.GET.get(name, "").strip() for name in ("q", "cursor", "room"))
    is_part: bool = bool(request.htmx)  # type: ignore[attr-defined]
    if room and not is_part:
        return redirect(f"{reverse('search')}?{urlencode({'q': f'{typed} in:{room}'.strip()})}")
    context: dict[str, object] = {"q": typed, "room": room}
    status = 200
    try:
        query = parse(typed)
        if room and typed and not query.rooms:
            query.rooms.append(room)
        found = find(query, you, number(cursor))
    except ValueError as error:
        context["problem"], status = str(error), 400
    else:
        context["shown"] = _shown(found.hits, query, you, zone_of(request.COOKIES))
        if found.cursor:
            context["more"] = urlencode({"q": typed, "cursor": found.cursor} | ({"room": room} if room else {}))
    part = "_hits.html" if cursor else "_found.html" if room else "search.html"
    return render(request, f"chat/search/{part if is_part else 'search.html'}", context, status=status)


def _shown(hits: list[Hit], query: Query, you: Identity, zone: tzinfo) -> list[Shown]:
    around, day, shown = _around(hits, you), today(zone), []
    titles = {room: direct.title(room, you) for room in {hit.room for hit in hits}}
    for hit in hits:
        here = around.get(hit.room, {})
        before = next((here[seq] for seq in range(hit.seq - 1, hit.seq - NEAR - 1, -1) if seq in here), None)
        after = next((here[seq] for seq in range(hit.seq + 1, hit.seq + NEAR + 1) if seq in here), None)
        time, text = near(hit.sent_at, zone, day), marked(hit.text, query.words)
        disc_of, letter = disc(hit.author_id), initial(hit.author_name)
        shown.append(Shown(hit, titles[hit.room], disc_of, letter, time, text, before, after))
    return shown


def _around(hits: list[Hit], you: Identity) -> dict[str, dict[int, Line]]:
    """What was said right before and after, by room and number. It is asked again: a removal may lie in between."""
    numbers: dict[str, set[int]] = {}
    for hit in hits:
        numbers.setdefault(hit.room, set()).update(range(hit.seq - NEAR, hit.seq + NEAR + 1))
    around: dict[str, dict[int, Line]] = {}
    if hits:
        asked = reduce(or_, (Q(room__name=room, seq__in=among) for room, among in numbers.items()))
        rows = Message.objects.filter(asked, readable_by(you), deleted_at=None)
        for room, seq, author, text in rows.values_list("room__name", "seq", "author_name", "text"):
            around.setdefault(room, {})[seq] = Line(author, " ".join(text[:200].split()))
    return around


def marked(text: str, words: frozenset[str]) -> SafeString:
    """The part of a text around the first of these words, as HTML with all of them marked."""
    places = [(term.start, term.end) for term in terms(text) if term.word in words or _begins(term.word, words)]
    begin = max(0, places[0][0] - BEFORE) if places else 0
    end = min(len(text), (places[0][1] if places else 0) + AFTER)
    html, at = "…" if begin else "", begin
    for start, stop in places:
        if start < at or stop > end:
            start = max(start, at)
            if stop <= start or stop > end:
                continue
        html += f"{escape(text[at:start])}<mark>{escape(text[start:stop])}</mark>"
        at = stop
    html = (html + escape(text[at:end]) + ("…" if end < len(text) else "")).replace("</mark><mark>", "")
    return mark_safe(html)  # noqa: S308 - everything that was typed is escaped above


def _begins(word: str, words: frozenset[str]) -> bool:
    """Whether a pair begins with a single character that was searched for."""
    return len(word) == 2 and word[0] in words
