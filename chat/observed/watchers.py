"""Who watches what the writer and the channel layer do: nobody, but while a wire inspector is open (chat/stages)."""

import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)

Watcher = Callable[[str, Any, Any], None]

watchers: list[Watcher] = []


def reached(stage: str, what: Any, outcome: Any) -> None:
    """A batch of the writer was `taken`, was `committed` with these verdicts; for a group a message was `published`."""
    for watcher in tuple(watchers):
        try:
            watcher(stage, what, outcome)
        except Exception:  # nobody who watches may keep a message from being acknowledged
            logger.exception("a watcher of messages")
