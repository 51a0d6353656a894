"""An application that fails, as none of ours should."""

from typing import Any

from mysite.asgi import Logged, lifespan


async def fail(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"] == "/healthz":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})
    else:
        raise RuntimeError("as planted")


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await (lifespan if scope["type"] == "lifespan" else Logged(fail))(scope, receive, send)
