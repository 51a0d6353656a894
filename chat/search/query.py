"""What was typed into the search field: words, "phrases", `from:`, `in:`, `before:` and `after:`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext

from chat.search.models import AUTHOR, tag
from chat.search.words import Term, terms

QUERY_MAX = 500  # characters
TERMS_MAX = 50
_PARTS = re.compile(r'(?:(from|in|before|after):)?(?:["“”]([^"“”]*)["“”]|([^\s"“”]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that follow each other. `is_prefix`: the last one is a beginning, as one character of a longer run is."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(slots=True)
class Query:
    phrases: list[Phrase] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)  # as typed
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> frozenset[str]:
        """The terms to be marked in what was found."""
        return frozenset(word for phrase in self.phrases for word in phrase.words if word[:1] != AUTHOR)


def parse(typed: str) -> Query:
    """Raises ValueError with a sentence for the person who typed it."""
    if len(typed) > QUERY_MAX:
        raise ValueError(gettext("A search has at most {most} characters.").format(most=QUERY_MAX))
    query = Query()
    for operator, quoted, bare in _PARTS.findall(typed):
        value = quoted or bare
        match operator.lower():
            case "from":
                query.phrases.append(Phrase((tag(AUTHOR, value.removeprefix("@")),)))
            case "in":
                query.rooms.append(value.removeprefix("#"))
            case "before":
                query.until = _day(value)
            case "after":
                query.since = _day(value)
            case _:
                query.phrases += _phrase(list(terms(value)))  # foo-bar is one word to who types it
    if sum(len(phrase.words) for phrase in query.phrases) > TERMS_MAX:
        raise ValueError(gettext("These are too many words to search for."))
    return query


def _phrase(found: Sequence[Term]) -> list[Phrase]:
    if not found:
        return []
    last = found[-1]
    if last.is_rest and len(found) > 1 and found[-2].end == last.end:
        return [Phrase(tuple(term.word for term in found[:-1]))]  # the run may go on after it
    return [Phrase(tuple(term.word for term in found), is_prefix=last.is_rest)]


def _day(value: str) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(value), time()))
    except ValueError as error:
        today = timezone.localdate().isoformat()
        raise ValueError(gettext("{value} is not a day such as {today}.").format(value=value, today=today)) from error
