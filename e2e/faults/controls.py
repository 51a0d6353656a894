"""The controls: the same harness with what has to fail here, else it proves nothing.

The consumer of the Channels tutorial loses something. Where nobody asks who may read, the removed person reads on.
"""

import asyncio

from e2e.faults.clients import NaiveReader, NaiveWriter
from e2e.faults.harness import Account, running, until
from e2e.faults.removal import DOORS, removal
from e2e.faults.scenarios import Scenario


def nothing() -> None:
    pass


async def control(fault: str) -> Account:
    """The fault hits all readers and no writer, and ends only when something was said that the readers cannot hear.

    What nobody acknowledges counts as said once its writer heard it. Counted is what was said from when everyone was
    there until the fault ended.
    """
    async with running(application="e2e.faults.naive:application") as stack:
        first, second = stack.servers
        stack.front.backends, stack.other.backends = [first.port], [second.port]
        readers = [NaiveReader(lambda: stack.front.url, stack.room) for _ in range(4)]
        writers = [NaiveWriter(lambda: stack.other.url, stack.room, f"w{n}") for n in range(4)]

        def said() -> set[str]:
            return {text for writer in writers for text in writer.said}

        def heard_back() -> set[str]:
            return {text for writer in writers for text in writer.said if text in writer.heard}

        begin, end = {
            "none": (nothing, nothing),
            "cut": (stack.front.cut, stack.front.mend),
            "kill": (first.kill, first.start),
        }[fault]
        everyone = [*readers, *writers]
        await until(lambda: all(client.connects for client in everyone), "everyone is connected")
        too_early = said()
        await until(lambda: all(client.heard.keys() - too_early for client in everyone), "everyone hears the others")
        await asyncio.to_thread(begin)
        before = said()
        await asyncio.sleep(2)
        await until(lambda: bool(heard_back() - before), "something is said during the fault")
        owed = heard_back() - too_early
        sent = len(said() - too_early)
        await asyncio.to_thread(end)
        # Messages arrive in the order in which they were said: who hears a later one would have heard these by now.
        after = said()
        await until(lambda: all(reader.heard.keys() - after for reader in readers), "every reader hears again")
        for client in everyone:
            await client.stop()
        return Account(
            sent=sent,
            acked=len(owed),
            lost=sum(len(owed - reader.heard.keys()) for reader in readers),
            duplicated=sum(count - 1 for reader in readers for count in reader.heard.values()),
            converged=all(owed <= reader.heard.keys() for reader in readers),
            notes=[f"{len(owed - before)} said meanwhile"],
        )


async def nobody_asks() -> Account:
    """`lost` is what the removed person got, and nothing if a door kept it back."""
    account = await removal(3, application="e2e.faults.unguarded:application", over=5.0)
    said = "; ".join(account.notes)
    if kept := [door for door in DOORS if door not in said.partition("after them: by ")[2].partition(";")[0]]:
        return Account(notes=[f"FAILED: nothing came by {', '.join(kept)}"])
    return account


CONTROLS: dict[str, Scenario] = {
    "control: the tutorial's consumer, a 2 s cut": lambda: control("cut"),
    "control: the tutorial's consumer, kill -9 of one of two": lambda: control("kill"),
    "control: a member removed 3 times, and nobody asks who may read": nobody_asks,
}
