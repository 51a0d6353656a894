"""Verbs carried out one at a time and synchronously, for tests."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from chat.identity import Identity
from chat.posting import Accepted, Change, commit
from chat.protocol import Refused
from chat.verbs import Delete, Edit, Say


def posted(change: Change) -> Accepted:
    """Raises Refused."""
    (verdict,), _ = commit([change])
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


def carry_out(changes: Sequence[Change]) -> None:
    """All of them, in as many batches as a slow machine needs to prepare them in time."""
    while changes:
        changes = changes[len(commit(changes)[0]) :]


def say(*, author: Identity, text: str, room: str = "lobby", client_id: UUID | None = None) -> Accepted:
    return posted(Say(room, author, text, client_id or uuid4()))


def edit(*, author: Identity, id: int, text: str, room: str = "lobby") -> Accepted:
    return posted(Edit(room, author, id, text))


def delete(*, author: Identity, id: int, room: str = "lobby") -> Accepted:
    return posted(Delete(room, author, id))
