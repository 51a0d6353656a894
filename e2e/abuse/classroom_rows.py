"""The rows of `python -m e2e.abuse --learn`: attacks on the classroom, beside all others."""

from collections.abc import Callable
from functools import partial

from e2e.abuse import classroom
from e2e.abuse.lines import TEXT, Tally, frame
from e2e.abuse.rows import GUESTS, MEMORY, ROWS, SECONDS, Row, answered, bounded, only

VISITOR = 0.080  # MB, a connection of the classroom: with a session, a user and a consumer
ECHOES = (
    "echo-async/", "echo-sync/", "json-echo/", "json/", "json/async/", "websocket-sync/", "chat-name/", "scope/here/",
)  # fmt: skip
WORKING = ("databases/", "sync-to-async/", "log/", "sessions/", "ping/", "worker/", "closing/")
HELLO = frame(b'{"message":"hello"}')
LARGE = frame(b"x" * 64_000, TEXT)


def few(counted: str) -> Callable[[Tally], str]:
    """No more than the limits for four addresses let through."""
    most = 4 * (GUESTS[0] + GUESTS[1] * (SECONDS + 1))

    def missing(tally: Tally) -> str:
        done = tally.answers[counted]
        return "" if 0 < done <= most else f"{done} {counted}"

    return missing


CLASSROOM: dict[str, Row] = {
    f"classroom: {name}": row
    for name, row in {
        "frames to those that echo, 8 sockets": Row(
            partial(classroom.talk, paths=ECHOES, each=HELLO), few("heard"), in_classroom=True
        ),
        "frames to those that work, 24 sockets": Row(
            partial(classroom.talk, paths=WORKING, each=frame(b"call"), sockets=24), few("heard"), in_classroom=True
        ),
        "entries in a table, 24 sockets": Row(
            partial(classroom.talk, paths=("log/",), each=HELLO, sockets=24), answered("heard"), in_classroom=True
        ),
        "frames of 64 KB, 8 sockets": Row(
            partial(classroom.talk, paths=ECHOES, each=LARGE), answered("closed 1009"), in_classroom=True
        ),
        "400 in a group, all talk": Row(
            classroom.crowd, answered("heard", "closed 1013"), memory=400 * VISITOR + MEMORY, in_classroom=True
        ),
        "400 in 8 groups, all talk": Row(
            partial(classroom.crowd, rooms=8), answered("heard"), memory=400 * VISITOR + MEMORY, in_classroom=True
        ),
        "400 in a group who do not read, 20 talk": Row(
            partial(classroom.crowd, reads=False), memory=400 * VISITOR + MEMORY, in_classroom=True
        ),
        "1,200 idle sockets": Row(
            classroom.idle, answered("connected", "closed 1013"), memory=1000 * VISITOR, in_classroom=True
        ),
        "1,200 clocks and polls": Row(
            classroom.streams, answered("200", "503"), memory=1000 * VISITOR, in_classroom=True
        ),
        "its pages, 4 lines": Row(classroom.pages, only("200"), in_classroom=True),
        "a view that sleeps, 64 lines": Row(
            partial(classroom.pages, paths=("views/live/sync/",), at_once=64), answered("200"), in_classroom=True
        ),
        "rooms of the last step, a new guest each time": Row(classroom.rooms, bounded("ack"), in_classroom=True),
    }.items()
}
ALL = ROWS | CLASSROOM
