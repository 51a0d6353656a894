"""Which texts are one emoji: those of Unicode's list, by a package that follows it."""

from functools import cache


@cache
def _data() -> frozenset[str]:
    from emoji import EMOJI_DATA, STATUS  # when the first one comes: 50 ms, and 10 MB

    return frozenset(emoji for emoji, data in EMOJI_DATA.items() if data["status"] == STATUS["fully_qualified"])


def is_emoji(text: str) -> bool:
    """Fully qualified ones alone, so that nobody can press the same emoji twice in two spellings."""
    return len(text) <= 16 and text in _data()
