"""Texts of signs that mean something in Markdown, and of words, at random: the same each time."""

import random
from collections.abc import Iterator

SIGNS = [
    "*", "_", "~", "`", "```", "> ", "- ", "1. ", "# ", "|", "\n", "\n\n", "    ",
    "[", "](", ")", "!", "<", ">", "&",
]  # fmt: skip
WORDS = [
    "a", "学习", "**。", "&amp;", "<b>", "http://a.com/x", "https://b.com", "zq0z0q", "javascript:", "🎉", "é", ":",
    "\\", "py",
]  # fmt: skip


def random_texts(count: int, most: int = 40) -> Iterator[str]:
    """Each of less than so many signs and words."""
    chosen = random.Random(1)
    for _ in range(count):
        yield "".join(chosen.choices(SIGNS + WORDS, k=chosen.randrange(1, most)))
