"""What became of a sentence in both lanes."""

from dataclasses import asdict, dataclass
from typing import Any

WORDS = ["Tell", "Eve", "we", "do", "not", "meet", "at", "nine", "but", "at", "ten", "sharp"]
SHOWN = len(WORDS)  # columns of the grid


@dataclass(frozen=True)
class Outcome:
    """For both lanes what Ann and Bo heard of each word, and what Bo reads."""

    fault: str
    tutorial: dict[str, list[str]]
    product: dict[str, list[str]]
    tutorial_reads: str
    product_reads: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def tutorial_lost(self) -> int:
        return self.lost("tutorial")

    @property
    def product_lost(self) -> int:
        return self.lost("product")

    def lost(self, lane: str) -> int:
        """By both readers."""
        return sum(heard.count("lost") for heard in getattr(self, lane).values())
