"""A conversation through the proxy, with the account of e2e/faults; what the database holds is asked by psql."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from e2e.compose.stack import BASE_URL, query
from e2e.faults.harness import STORED, Account, Conversation


class Deployed(Conversation):
    def __init__(self) -> None:
        super().__init__(lambda: BASE_URL)

    def stored(self) -> dict[int, str]:
        rows = json.loads(query(f"SELECT coalesce(json_agg(r), '[]') FROM ({STORED.format(room=self.room)}) r"))
        return {row["seq"]: row["text"] for row in rows}

    @property
    def codes(self) -> set[int]:
        """With which WebSockets were closed."""
        return {code for reader in self.readers for code in reader.codes}


@asynccontextmanager
async def talking() -> AsyncIterator[Deployed]:
    """Two readers on each transport and four writers, all of whom are heard by all when the body begins."""
    conversation = Deployed()
    try:
        conversation.populate()
        await conversation.all_have_heard(20)
        yield conversation
    finally:
        await conversation.close()


async def clean(conversation: Deployed, what: str) -> Account:
    """The end of a conversation in which nothing may be lost, repeated or out of order."""
    account = await conversation.settle(time.monotonic())
    print(f"| {what} | {account.row()} |")
    assert account.is_clean, account
    return account
