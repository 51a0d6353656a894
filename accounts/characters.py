"""Which characters can be seen, which are pictures, and where those that cannot be seen are needed."""

import re
import unicodedata

ZWNJ, ZWJ, EMOJI_STYLE = "\u200c", "\u200d", "\ufe0f"

# Nobody can see these: spaces, controls, zero-width characters, lone marks; Hangul fillers, the empty Braille cell.
_UNSEEN_CATEGORIES = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Mn"))
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Default_Ignorable_Code_Point of Unicode 17, DerivedCoreProperties.txt: Python does not know this property.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _UNSEEN


# Pictographs and flags, with their modifiers. Older symbols where they are asked for as pictures (U+FE0F), or are shown
# as such by themselves (Unicode's Emoji_Presentation).
_PICTURES = "⌚⌛⏩-⏬⏰⏳◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓-❕❗➕-➗➰➿⬛⬜⭐⭕"
_ONE = rf"(?:[\u2190-\u3299]\ufe0f|[{_PICTURES}]|[\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f\s])"
_EMOJI = re.compile(_ONE + "{1,40}")


def is_emoji_alone(text: str) -> bool:
    """Whether a text is a few emoji and nothing else."""
    return bool(_EMOJI.fullmatch(text)) and any(map(is_seen, text))


def is_ignorable(character: str) -> bool:
    """Unicode asks to show nothing for it, not even a box."""
    return _IGNORABLE.match(character) is not None


def is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def needed_ignorables(text: str) -> set[int]:
    """The places of characters that cannot be seen themselves but change what is seen.

    These are joiners by the rules CONTEXTJ (RFC 5892, A.1 and A.2), as Persian and Sinhala need them, and joiners and
    the emoji style within an emoji of Unicode's list. `text` is short: this looks at each character.
    """
    places = [place for place, character in enumerate(text) if character in (ZWNJ, ZWJ, EMOJI_STYLE)]
    return {place for place in places if _joins_letters(text, place)} | _within_emoji(text) if places else set()


def _joins_letters(text: str, place: int) -> bool:
    from idna import valid_contextj  # 12 ms, when the first joiner comes

    return text[place] != EMOJI_STYLE and valid_contextj(text, place)


def _within_emoji(text: str) -> set[int]:
    from emoji import emoji_list  # 50 ms, and 10 MB

    spans = [range(found["match_start"], found["match_end"]) for found in emoji_list(text)]
    return {place for span in spans for place in span if text[place] in (ZWJ, EMOJI_STYLE)}
