"""What people are called: which names guests may choose, and which ones accounts may have."""

import unicodedata

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.characters import is_ignorable, is_mark, is_seen, needed_ignorables

DISPLAY_NAME_MAX = 32  # characters that are seen
MARKS_MAX = 4  # on each of them
STORED_MAX = 200  # code points: with marks and joiners
RAW_MAX = 500  # as typed, with the spaces and marks that are taken away
NOT_IN_ACCOUNTS = "/\\@~#?%"  # so that an account's name can stand in an address and after an @

_TOO_LONG = format_lazy(_("A name has at most {most} characters."), most=DISPLAY_NAME_MAX)
_REFUSED_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def normalized(raw: str) -> str:
    """One spelling of the same name: NFC, on one line. What is too long for a name stays as it is."""
    if len(raw) > RAW_MAX:  # before anything looks at its characters: normalizing many marks takes seconds
        return raw
    return unicodedata.normalize("NFC", " ".join(raw.split()))


def clean_display_name(raw: str) -> str:
    """A person's name as it is shown: 1 to 32 characters with up to 4 marks on each, on one line.

    Raises:
        ValueError: empty, too long, or with characters that cannot be seen. It speaks the language of the page.
    """
    name = normalized(raw)
    if len(name) > STORED_MAX:
        raise ValueError(_TOO_LONG)
    needed = needed_ignorables(name)
    shown = [character for place, character in enumerate(name) if place not in needed]
    if any(map(_is_refused, shown)):
        raise ValueError(_("A name is made of characters that can be seen."))
    if not any(map(is_seen, shown)):
        raise ValueError(_("A name has at least one character."))
    _check_lengths(shown)
    return name


def initial(name: str) -> str:
    """What stands for a person in a disc: the first letter or digit with its marks, else the first character."""
    start = next((place for place, character in enumerate(name) if character.isalnum()), 0)
    end = start + 1
    while end < len(name) and unicodedata.category(name[end]).startswith("M"):
        end += 1
    letter = name[start:end]
    return letter.upper() if len(letter.upper()) == len(letter) else letter


def clean_account_name(raw: str) -> str:
    """The name of an account: as of a guest, but without the characters of addresses and mentions.

    Raises:
        ValueError: as for a guest's name, or it has one of these.
    """
    name = clean_display_name(raw)
    if not set(NOT_IN_ACCOUNTS).isdisjoint(unicodedata.normalize("NFKC", name)):  # nor their full-width twins
        sentence = _("The name of an account has none of these: {characters}")
        raise ValueError(format_lazy(sentence, characters=" ".join(NOT_IN_ACCOUNTS)))
    return name


def _is_refused(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES
        or is_ignorable(character)
        or not (is_seen(character) or is_mark(character) or character == " ")
    )


def _check_lengths(shown: list[str]) -> None:
    letters = marks = 0
    for character in shown:
        first, *rest = list(unicodedata.normalize("NFD", character))
        if is_mark(first):
            marks += 1
        else:
            letters, marks = letters + 1, 0
        marks += sum(map(is_mark, rest))
        if marks and not letters:
            raise ValueError(_("A name does not begin with a mark."))
        if marks > MARKS_MAX:
            raise ValueError(format_lazy(_("A name has at most {most} marks on a letter."), most=MARKS_MAX))
    if letters > DISPLAY_NAME_MAX:
        raise ValueError(_TOO_LONG)
