"""Start and stop of a process, as uvicorn announces them (Daphne does not)."""

import asyncio
import gc
import signal
import threading
from types import FrameType
from typing import Any

from chat import follower, streams
from chat.features import FOLLOWERS
from chat.hub import hub
from chat.observed import access_log

with_followers = False  # set by `python -m mysite --follow`, before the server starts


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub()
            following = follower.in_thread(FOLLOWERS) if with_followers else None
            end_streams_on_signals()
            gc.freeze()  # Django will not become garbage: looking for it there was a tenth of each connect
            access_log.logger.info("started")
            await send({"type": "lifespan.startup.complete"})
        else:
            if following:
                following.set()
            await hub().close()
            access_log.logger.info("stopped")
            await send({"type": "lifespan.shutdown.complete"})
            return


def end_streams_on_signals() -> None:
    """End streams and polls as soon as the process is asked to stop.

    uvicorn waits for open responses before it announces the shutdown, which an endless one would never let it do.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(streams.end_all)
            if callable(before):
                before(number, frame)

        signal.signal(number, handle)
