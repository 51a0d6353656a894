"""What is bounded where a demo is served: by the guard that stands before all of them, and by its own file."""

from learn import guard, sessions
from learn.catalog import Demo
from learn.demos import log, long_poll, sync_to_async

_FOR_ALL = (
    f"{guard.OPEN_MAX:,} connections and requests in the whole classroom of this process, and for each person and "
    "address as many as in the rooms"
)

_WEBSOCKET = (
    f"a frame of {guard.FRAME_MAX // 1024} KiB, else the connection ends with {guard.TOO_BIG}",
    f"{1 / guard.PACE:.0f} frames a second for each connection; what comes faster waits",
    f"{1 / guard.PACE_OF_ALL:.0f} frames a second for the whole classroom of this process; what comes faster waits",
    "CHAT_RATE_LIMIT frames for each person; what comes beyond it waits",
    f"{guard.ROOM_MAX} connections to one address, else 1013",
    f"a client that takes no frame for {guard.PATIENCE:.0f} s is cut off",
    _FOR_ALL,
)
_HTTP = (
    f"a body of {guard.BODY_MAX // 1024} KiB, else the request is over",
    "CHAT_RATE_LIMIT requests for each person, then 429",
    _FOR_ALL,
)
_VIEWS = ("those of Django, as for every page",)

_OWN: dict[str, tuple[str, ...]] = {
    "closing": ("a task for each connection, which ends with it",),
    "group-sync": ("a room's name of 80 ASCII letters, digits, - and _",),
    "group-async": ("a room's name of 80 ASCII letters, digits, - and _",),
    "log": (f"{log.KEPT_FOR_EACH} entries kept of an address, {log.KEPT} in all",),
    "long-poll": (f"{long_poll.WAIT} seconds of waiting", "1,000 bytes of what is posted"),
    "members-only": ("one vault for all who try it, with two members at most",),
    "routing": ("a room's name of 80 ASCII letters, digits, - and _",),
    "sessions": (
        f"sessions that last {sessions.SECONDS // 60} minutes, {sessions.KEPT_FOR_EACH} of an address",
        f"{sessions.KEPT:,} sessions in all; the oldest are forgotten",
    ),
    "sse": ("ten minutes of one answer",),
    "sync-to-async": (f"{sync_to_async.THREADS._max_workers} threads for all who try it",),
    "telegram": ("here the consumer without Telegram; the bot itself is bounded by the Bot API",),
    "worker": ("one job of a connection at a time, and 2 s of waiting for its answer",),
}


def limits(demo: Demo) -> list[str]:
    kinds = {"views" if demo.slug == "views" else console.kind for console in demo.consoles}
    shared = {"websocket": _WEBSOCKET, "http": _HTTP, "views": _VIEWS}
    common = [text for kind in ("websocket", "http", "views") if kind in kinds for text in shared[kind]]
    return list(dict.fromkeys([*_OWN.get(demo.slug, ()), *common]))
