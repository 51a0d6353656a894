"""One way in: what somebody asks for becomes a verb, and the verb is carried out. For sockets, pages and bots alike."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import Error as DatabaseError

from chat import limits
from chat.features import COMMANDS, FRAMES, SAYING
from chat.hub import Hub
from chat.identity import Identity
from chat.permissions import why_not_enter
from chat.posting import Accepted, Change
from chat.protocol import Refused, bad_frame, clean_text, unavailable
from chat.verbs import Act, Say, Verb

_COMMAND = re.compile(r"/(\w+)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Done:
    """An act was carried out."""

    you: Identity


Outcome = Accepted | Done | Refused


def understand(room: str, you: Identity, frame: dict[str, Any], *, tutorial: bool = False) -> Verb:
    """The verb in the fields of a client's frame. A message that is a `/command` is that command.

    Raises:
        Refused: see *Limits* in docs/protocol.md.
    """
    kind = "message" if tutorial else frame.get("type", "message")
    if not isinstance(kind, str) or kind not in FRAMES:
        raise bad_frame(f"type: one of {', '.join(FRAMES)} is needed.")
    if tutorial:
        return _said(Say(room, you, clean_text(frame.get("message"))))
    fields = [name for name in SAYING if frame.get(name) is not None] if kind == "message" else []
    verb = (SAYING[fields[0]] if fields else FRAMES[kind])(room, you, frame)
    return _said(verb) if isinstance(verb, Say) else verb


def _said(say: Say) -> Verb:
    """What was meant by a message: a command, or the message itself. `//` begins one with a slash."""
    if say.text.startswith("//"):
        return replace(say, text=say.text[1:])
    if not (typed := _COMMAND.fullmatch(say.text)):
        return say
    if typed[1] not in COMMANDS:
        detail = f"There is no command /{typed[1]}. // begins a text with a slash."
        raise Refused("bad_frame", detail, client_id=str(say.client_id), reason="unknown_command")
    meant = COMMANDS[typed[1]](say.room, say.author, typed[2] or "")
    return replace(say, text=clean_text(meant)) if isinstance(meant, str) else meant


def obey(hub: Hub, verb: Verb) -> asyncio.Future[Outcome]:
    """Carry a verb out. The result is its outcome: `Refused` is returned, never raised."""
    try:
        if barred := why_not_enter(verb.author):
            raise barred
        limits.take(verb.bucket, verb.author)
    except Refused as refused:
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        outcome.set_result(refused)
        return outcome
    hub.people.asked(verb)
    if isinstance(verb, Change):
        return cast("asyncio.Future[Outcome]", hub.writer.submit(verb))
    # Eager: an act that waits for nothing, such as a marker, costs no trip through the event loop.
    return asyncio.Task(_act(hub, verb), loop=asyncio.get_running_loop(), eager_start=True)


async def _act(hub: Hub, act: Act) -> Outcome:
    try:
        if refused := await hub.why_not(act.author, act.room):
            return refused
        return Done(await act.act(hub) or act.author)
    except Refused as refused:
        return refused
    except DatabaseError:
        return unavailable()
