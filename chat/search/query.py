"""What was typed into the search field: words, "phrases", `from:`, `in:`, `before:` and `after:`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

from django.utils import timezone
from django.utils.translation import gettext

from chat.names import RESERVED, canonical_room_name
from chat.search.models import AUTHOR, tag
from chat.search.words import Term, terms

QUERY_MAX = 500  # characters
TERMS_MAX = 50
# The filters of the page, and the operators that each of them writes.
FILTERS = {"from": ("from",), "in": ("in",), "when": ("after", "before")}
ANY = "*"  # of a filter: without these operators
_QUOTES = '"“”'
_PARTS = re.compile(
    rf"(?:(from|in|before|after):)?(?:[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|([^\s{_QUOTES}]+))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that follow each other. `is_prefix`: the last one is a beginning, as one character of a longer run is."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(slots=True)
class Query:
    phrases: list[Phrase] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)  # as typed; they are among the phrases too
    rooms: list[str] = field(default_factory=list)  # `@` and a person's name is the direct room with them
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> frozenset[str]:
        """The terms to be marked in what was found."""
        return frozenset(word for phrase in self.phrases for word in phrase.words if word[:1] != AUTHOR)


def parse(typed: str, zone: tzinfo = UTC) -> Query:
    """Days begin at midnight in the zone. Raises ValueError with a sentence for the person who typed it."""
    if len(typed) > QUERY_MAX:
        raise ValueError(gettext("A search has at most {most} characters.").format(most=QUERY_MAX))
    query = Query()
    for operator, quoted, bare in _PARTS.findall(typed):
        value = quoted or bare
        match operator.lower():
            case "from":
                query.authors.append(value.removeprefix("@"))
                query.phrases.append(Phrase((tag(AUTHOR, query.authors[-1]),)))
            case "in":
                query.rooms.append(_room(value.removeprefix("#")))
            case "before":
                query.until = _day(value, zone)
            case "after":
                query.since = _day(value, zone)
            case _:
                query.phrases += _phrase(list(terms(value)))  # foo-bar is one word to who types it
    if sum(len(phrase.words) for phrase in query.phrases) > TERMS_MAX:
        raise ValueError(gettext("These are too many words to search for."))
    return query


def narrowed(typed: str, chosen: Mapping[str, str]) -> str:
    """What was typed with the operators of the filters that were chosen in place of those that stood there."""
    replaced = {operator for name in chosen for operator in FILTERS[name]}
    kept = _PARTS.sub(lambda part: "" if (part[1] or "").lower() in replaced else part[0], typed)
    written = [f"{FILTERS[name][0]}:{_quoted(value)}" for name, value in chosen.items() if value != ANY]
    return " ".join([*kept.split(), *written])


def _quoted(value: str) -> str:
    value = " ".join(re.sub(f"[{_QUOTES}]", " ", value).split())
    return f'"{value}"' if " " in value else value


def _phrase(found: Sequence[Term]) -> list[Phrase]:
    if not found:
        return []
    last = found[-1]
    if last.is_rest and len(found) > 1 and found[-2].end == last.end:
        return [Phrase(tuple(term.word for term in found[:-1]))]  # the run may go on after it
    return [Phrase(tuple(term.word for term in found), is_prefix=last.is_rest)]


def _room(name: str) -> str:
    """Its own spelling. A reserved name is that of a room that is not there."""
    if name in RESERVED:
        return name
    try:
        return canonical_room_name(name)
    except ValueError as error:
        raise ValueError(gettext("{value} is not the name of a room.").format(value=name)) from error


def _day(value: str, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        today = timezone.localdate(timezone=zone).isoformat()
        raise ValueError(gettext("{value} is not a day such as {today}.").format(value=value, today=today)) from error
