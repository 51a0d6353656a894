"""Reads that are asked for while another one runs are made together, as one."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

from chat.database import reading

TOGETHER_MAX = 500  # arguments of one call


def reading_together[P, R](function: Callable[[list[P]], list[R]]) -> Callable[[P], Awaitable[R]]:
    """What is asked while a call runs is answered together by the next: one trip to a thread, one query for all.

    When a server restarts, everybody connects at once.
    """
    read = reading(function)
    asked: WeakKeyDictionary[asyncio.AbstractEventLoop, list[tuple[P, asyncio.Future[R]]]] = WeakKeyDictionary()

    async def answer(loop: asyncio.AbstractEventLoop) -> None:
        while waiting := asked[loop]:
            asked[loop] = waiting[TOGETHER_MAX:]
            arguments, futures = zip(*waiting[:TOGETHER_MAX], strict=True)
            try:
                results = await read(list(arguments))
            except Exception as error:
                for future in futures:
                    if not future.done():  # the one who asked may be gone
                        future.set_exception(error)
            else:
                for future, result in zip(futures, results, strict=True):
                    if not future.done():
                        future.set_result(result)
        del asked[loop]

    async def ask(argument: P) -> R:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        if loop in asked:
            asked[loop].append((argument, future))
        else:
            asked[loop] = [(argument, future)]
            _answering.add(task := loop.create_task(answer(loop)))
            task.add_done_callback(_answering.discard)
        return await future

    return ask


_answering: set[asyncio.Task[None]] = set()
