"""The runs that are shown where no sandbox is served. `DEBUG=1 python -m learn.lab.recorded` records them again."""

import asyncio
import json
from functools import cache
from pathlib import Path

from learn.lab.faults import FAULTS
from learn.lab.outcome import Outcome

FILE = Path(__file__).with_name("recorded.json")


@cache
def recorded() -> dict[str, Outcome]:
    return {fault: Outcome(**outcome) for fault, outcome in json.loads(FILE.read_text()).items()}


async def record() -> None:
    from learn.lab.run import run  # after Django is set up

    outcomes = {fault: (await run(fault)).as_dict() for fault in FAULTS}
    lines = [f"{json.dumps(fault)}: {json.dumps(outcome)}" for fault, outcome in outcomes.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    import django

    django.setup()
    asyncio.run(record())
