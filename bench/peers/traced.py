"""This product, saying at `/traced` how many bytes each file of Python has asked for and not given back."""

import gc
import json
import tracemalloc
from typing import Any

from mysite.asgi import application as product

tracemalloc.start()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http" or scope["path"] != "/traced":
        await product(scope, receive, send)
        return
    gc.collect()
    found = tracemalloc.take_snapshot().statistics("filename")
    sizes = {"/".join(each.traceback[0].filename.split("/")[-3:]): each.size for each in found}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(sizes).encode()})
