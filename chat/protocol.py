"""The frames of `chat.v1`, and of the Channels tutorial: read, refuse, encode. Pure functions.

What comes in is refused here, before it reaches the database. What goes out is described in docs/protocol.md.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.characters import is_seen

SUBPROTOCOL = "chat.v1"
FRAME_MAX = 64 * 1024  # bytes
REPLAY_MAX = 500  # events; a client that is further behind loads the page again

# Close codes of a WebSocket.
TRY_AGAIN_LATER = 1013
BAD_FRAME, SESSION_ENDED, FORBIDDEN, UNKNOWN, TOO_SLOW, TOO_MANY = 4400, 4401, 4403, 4404, 4408, 4429

Event = dict[str, Any]

NO_SUCH_ROOM, NO_SUCH_MESSAGE = "no_such_room", "no_such_message"  # reasons

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
    """Not done, nothing stored: the content of an `error` event. A `bad` one counts towards close code 4400.

    `code` says what kind of refusal it is, `reason` is a stable word for why; pages translate that.
    """

    code: str
    detail: str
    client_id: str | None = None
    retry_after: float | None = None  # seconds
    bad: bool = False
    reason: str = ""

    @property
    def close_code(self) -> int:
        """Of a WebSocket that is not let in for this reason."""
        if self.reason == NO_SUCH_ROOM:
            return UNKNOWN
        return {"forbidden": FORBIDDEN, "rate_limited": TOO_MANY}.get(self.code, BAD_FRAME)

    @property
    def http_status(self) -> int:
        return {"forbidden": 403, "conflict": 409, "rate_limited": 429, "unavailable": 503}.get(self.code, 400)

    def event(self) -> Event:
        event = {"type": "error", "code": self.code, "reason": self.reason or self.code, "detail": self.detail}
        optional = {"client_id": self.client_id, "retry_after": self.retry_after}
        return event | {key: value for key, value in optional.items() if value is not None}


def bad_frame(detail: str) -> Refused:
    return Refused("bad_frame", detail, bad=True)


def no_such_room() -> Refused:
    """Also for a room that one may not know of: the answers must not differ."""
    return Refused("forbidden", "There is no room of that name.", reason=NO_SUCH_ROOM)


def unavailable() -> Refused:
    return Refused("unavailable", "The database does not answer just now. Try again in a moment.", retry_after=2)


def parse(text: str | None) -> dict[str, Any]:
    """The flat JSON object in a text frame; `None` stands for a binary one.

    Raises:
        Refused: `bad_frame` or `too_long`, see *Limits* in docs/protocol.md.
    """
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


def parse_client_id(raw: object) -> UUID:
    if not isinstance(raw, str) or not _UUID.fullmatch(raw):
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
    text = text.strip()
    if len(text) > settings.CHAT_MAX_MESSAGE_LENGTH:  # before its characters are looked at one by one
        raise Refused("too_long", f"A message has at most {settings.CHAT_MAX_MESSAGE_LENGTH:,} characters.")
    if not any(map(is_seen, text)):
        raise Refused("empty", "There is nothing to be seen in this message.", bad=True)
    return text


def parse_seq(raw: str | None, name: str) -> int | None:
    """A `seq` out of an address, such as `after`, the last one that the client has seen; `None` where it is not given.

    Raises:
        Refused: it is not a number that a room could have reached.
    """
    if not raw:
        return None
    if (seq := number(raw)) is None:
        raise bad_frame(f"{name}: a whole number is needed.")
    return seq


def number(raw: str, digits: int = 18) -> int | None:
    """A whole number of at most so many digits 0 to 9; None for anything else."""
    return int(raw) if re.fullmatch(rf"\d{{1,{digits}}}", raw, re.ASCII) else None


def encode(events: list[Event]) -> str:
    """One frame: a single event as it is, several as an array."""
    return _encoder.encode(events if len(events) != 1 else events[0])
