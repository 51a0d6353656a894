"""What was found, as the page shows it: the words around what was searched for, and the lines before and after."""

from dataclasses import dataclass
from datetime import tzinfo
from functools import reduce
from html import escape
from operator import or_

from django.db.models import Q
from django.db.models.functions import Left
from django.utils.safestring import SafeString, mark_safe

from accounts.display_names import initial
from chat import direct, markdown
from chat.days import near, today
from chat.identity import Identity
from chat.lines import HTML_MAX, LINE_MAX, line
from chat.markup import disc
from chat.models import Message
from chat.rights import readable_by
from chat.search.finding import Hit
from chat.search.query import Query
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
    room: str  # as it is called to whoever looks
    disc: str  # its classes
    initial: str
    time: str
    text: SafeString  # see excerpt
    before: Line | None
    after: Line | None


def shown(hits: list[Hit], query: Query, you: Identity, zone: tzinfo) -> list[Shown]:
    around, day, shown = _around(hits, you), today(zone), list[Shown]()
    titles = {room: direct.title(room, you) for room in {hit.room for hit in hits}}
    for hit in hits:
        here = around.get(hit.room, {})
        before = next((here[seq] for seq in range(hit.seq - 1, hit.seq - NEAR - 1, -1) if seq in here), None)
        after = next((here[seq] for seq in range(hit.seq + 1, hit.seq + NEAR + 1) if seq in here), None)
        time, text = near(hit.sent_at, zone, day), excerpt(hit, query.words)
        person = disc(hit.author_id), initial(hit.author_name)
        shown.append(Shown(hit, titles[hit.room], *person, time, text, before, after))
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
        beginnings = Left("text", LINE_MAX), Left("body", HTML_MAX)
        for room, seq, author, *said in rows.values_list("room__name", "seq", "author_name", *beginnings):
            around.setdefault(room, {})[seq] = Line(author, line(*said))
    return around


def excerpt(hit: Hit, words: frozenset[str]) -> SafeString:
    """A part of what is read of it; of what was typed where the words stand in that alone, as in a link's address."""
    read = markdown.words(hit.body)
    shown = marked(read, words)
    return shown if read and (not words or "<mark>" in shown) else marked(hit.text, words)


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
