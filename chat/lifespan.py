"""Start and stop of a process, as uvicorn announces them (Daphne does not)."""

from typing import Any

from chat import feed


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            feed.hub()
            await send({"type": "lifespan.startup.complete"})
        else:
            await feed.hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
