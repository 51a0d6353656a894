"""Who watches what the writer and the channel layer do: nobody, but while a wire inspector is open (chat/stages)."""

from collections.abc import Callable
from typing import Any

Watcher = Callable[[str, Any, Any], None]

watchers: list[Watcher] = []


def reached(stage: str, what: Any, outcome: Any) -> None:
    """A batch of the writer was `taken`, was `committed` with these verdicts; for a group a message was `published`."""
    for watcher in tuple(watchers):
        watcher(stage, what, outcome)
