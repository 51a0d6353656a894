"""What somebody typed: a message, or a command such as `/name Ada`."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import Error as DatabaseError

from chat import identity, limits, writer
from chat.database import writing
from chat.identity import Identity
from chat.posting import Accepted, Command, Delete, Edit, Say
from chat.protocol import Refused, Saying

_NAME = re.compile(r"/name(?:\s+(.*))?", re.DOTALL)

_rename = writing(identity.rename)


@dataclass(frozen=True, slots=True)
class Done:
    """Who the speaker is from now on, and the message, if it was one."""

    you: Identity
    message: Accepted | None = None


async def obey(room: str, you: Identity, saying: Saying) -> Done:
    """Do what was typed.

    Raises:
        Refused: `rate_limited`, `conflict`, `unavailable`, or `bad_frame` for a name that is none.
    """
    limits.take(you.id)
    if (name := asked_name(saying)) is not None:
        return Done(await rename(you, name))
    return Done(you, await store(Say(room, you, saying.text, UUID(saying.client_id))))


def asked_name(saying: Saying) -> str | None:
    """The name in `/name Ada`; None if it is a message."""
    match = _NAME.fullmatch(saying.text) if saying.text.startswith("/") else None
    return (match[1] or "") if match else None


async def carry_out(command: Edit | Delete) -> Accepted:
    """Edit or delete.

    Raises:
        Refused: `rate_limited`, `forbidden` or `unavailable`.
    """
    limits.take(command.author.id)
    return await store(command)


async def store(command: Command) -> Accepted:
    verdict = await writer.submit(command)
    if isinstance(verdict, Refused):
        raise verdict
    return verdict


async def rename(you: Identity, name: str) -> Identity:
    try:
        return await _rename(you, name)
    except ValueError as error:
        raise Refused("bad_frame", str(error)) from error
    except DatabaseError as error:
        raise writer.unavailable() from error
