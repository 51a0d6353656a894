"""What somebody typed: a message, or a command such as `/name Ada`."""

import re
from dataclasses import dataclass
from uuid import UUID

from chat import identity, limits, writer
from chat.database import writing
from chat.identity import Identity
from chat.posting import Accepted, Say
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
    if match := _NAME.fullmatch(saying.text):
        return Done(await rename(you, match[1] or ""))
    verdict = await writer.submit(Say(room, you, saying.text, UUID(saying.client_id)))
    if isinstance(verdict, Refused):
        raise verdict
    return Done(you, verdict)


async def rename(you: Identity, name: str) -> Identity:
    try:
        return await _rename(you, name)
    except ValueError as error:
        raise Refused("bad_frame", str(error)) from error
