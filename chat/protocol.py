"""The frames of `chat.v1`, and of the Channels tutorial: parse, refuse, encode. Pure functions.

What comes in is refused here, before it reaches the database. What goes out is described in docs/protocol.md.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from chat.characters import is_seen

SUBPROTOCOL = "chat.v1"
FRAME_MAX = 64 * 1024  # bytes
REPLAY_MAX = 500  # events; whoever is further behind loads the page again

BAD_FRAME, RESTART = 4400, 1012
SESSION_ENDED, FORBIDDEN, NO_SUCH_ROOM, TOO_SLOW, TOO_MANY = 4401, 4403, 4404, 4408, 4429

Event = dict[str, Any]

HTTP_STATUS = {"forbidden": 403, "conflict": 409, "rate_limited": 429, "unavailable": 503}  # else 400

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but newline and tab
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# Made once: `json.loads` and `json.dumps` would make one for each frame.
_decoder = json.JSONDecoder(parse_constant=_no_constant)
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(eq=False)
class Refused(Exception):  # noqa: N818 - it is an answer, not a failure
    """Not done, nothing stored: the content of an `error` event. A `bad` one counts towards close code 4400."""

    code: str
    detail: str
    client_id: str | None = None
    retry_after: float | None = None
    bad: bool = False

    def event(self) -> Event:
        optional = {"client_id": self.client_id, "retry_after": self.retry_after}
        return {"type": "error", "code": self.code, "detail": self.detail} | {
            key: value for key, value in optional.items() if value is not None
        }


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Typing:
    pass


@dataclass(frozen=True, slots=True)
class Saying:
    text: str
    client_id: str = field(default_factory=lambda: str(uuid4()))  # as the client spelled it


def bad_frame(detail: str) -> Refused:
    return Refused("bad_frame", detail, bad=True)


def parse(text: str | None, *, tutorial: bool = False) -> Saying | Typing | Ping:
    """What a client asks for with a text frame; `None` stands for a binary one.

    Raises:
        Refused: `bad_frame`, `empty` or `too_long`, for everything under *Limits* in docs/protocol.md.
    """
    frame = _object(text)
    kind = "message" if tutorial else frame.get("type", "message")
    if kind == "ping":
        return Ping()
    if kind == "typing":
        return Typing()
    if kind != "message":
        raise bad_frame("Unknown type.")
    if tutorial:
        return Saying(clean_text(frame.get("message")))
    client_id = frame.get("client_id")
    if not isinstance(client_id, str) or not _UUID.fullmatch(client_id):
        raise bad_frame("client_id: a UUID is needed.")
    try:
        return Saying(clean_text(frame.get("message")), client_id)
    except Refused as refused:
        refused.client_id = client_id
        raise


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise bad_frame("Binary frames are not understood; send JSON as text.")
    try:
        if len(text) > FRAME_MAX or len(text.encode()) > FRAME_MAX:
            raise Refused("too_long", f"A frame has at most {FRAME_MAX} bytes.", bad=True)
        frame = _decoder.decode(text)
    except (ValueError, RecursionError) as error:  # not JSON, not Unicode, a number too long, nested too deep
        raise bad_frame("Not a JSON object.") from error
    if not isinstance(frame, dict):
        raise bad_frame("Not a JSON object.")
    if any(isinstance(value, dict | list) for value in frame.values()):
        raise bad_frame("A frame is a flat JSON object.")
    return frame


def parse_client_id(raw: str) -> UUID:
    if not _UUID.fullmatch(raw):
        raise bad_frame("client_id: a UUID is needed.")
    return UUID(raw)


def clean_text(raw: object) -> str:
    """The text of a message as it is stored: trimmed, lines ended by a newline alone.

    Raises:
        Refused: `bad_frame` for what no database should hold, `empty`, or `too_long`.
    """
    if not isinstance(raw, str):
        raise bad_frame("message: text is needed.")
    text = raw.replace("\r\n", "\n")
    if _SURROGATE.search(text):
        raise bad_frame("message: not valid Unicode.")
    if _CONTROL.search(text):
        raise bad_frame("message: control characters are not allowed.")
    if not any(map(is_seen, text)):
        raise Refused("empty", "There is nothing to be seen in this message.", bad=True)
    text = text.strip()
    if len(text) > settings.CHAT_MAX_MESSAGE_LENGTH:
        raise Refused("too_long", f"A message has at most {settings.CHAT_MAX_MESSAGE_LENGTH:,} characters.")
    return text


def parse_seq(raw: str | None, name: str) -> int | None:
    """A `seq` out of an address, such as `after`, the last one that the client has seen; `None` where it is not given.

    Raises:
        Refused: it is not a number that a room could have reached.
    """
    if not raw:
        return None
    if not re.fullmatch(r"\d{1,18}", raw, re.ASCII):
        raise bad_frame(f"{name}: a whole number is needed.")
    return int(raw)


def encode(events: list[Event]) -> str:
    """One frame: a single event as it is, several as an array."""
    return _encoder.encode(events if len(events) != 1 else events[0])
