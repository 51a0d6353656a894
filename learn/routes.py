"""The lines of the real routing that lead to a demo."""

import re
from dataclasses import dataclass

from learn.catalog import ROOT, Demo

FILES = ("learn/routing.py", "learn/urls.py")
# What leads to a consumer and is no address.
_BESIDE = {"worker": [r"^channels = "], "telegram": [r'"telegram": ']}


@dataclass(frozen=True)
class Route:
    file: str
    number: int
    text: str

    @property
    def anchor(self) -> str:
        """On the page that shows these files whole."""
        return f"{''.join(letter for letter in self.file if letter.isalnum())}-{self.number}"


def routes(demo: Demo) -> list[Route]:
    patterns = [*(_leads_to(demo, console.path) for console in demo.consoles), *_BESIDE.get(demo.slug, ())]
    return [
        Route(file, number, line.strip().rstrip(","))
        for file in FILES
        for number, line in enumerate((ROOT / file).read_text().splitlines(), 1)
        if any(re.search(pattern, line) for pattern in patterns)
    ]


def _leads_to(demo: Demo, path: str) -> str:
    if path.startswith("/learn/views/"):  # Django's own, below `learn/`
        return re.escape(f'"{path.removeprefix("/learn/")}"')
    return rf'["^/](ws/)?learn/{demo.slug}/|\broom\("{demo.slug}"'
