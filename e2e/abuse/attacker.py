"""`python -m e2e.abuse.attacker <row> <port> <room> <seconds>`: one attack, in a process of its own; prints its tally.

Else its work would delay the innocents' answers on their way through the same process.
"""

import asyncio
import json
import os
import resource
import sys

from e2e.abuse.classroom_rows import ALL
from e2e.abuse.lines import Attacker


async def attack(row: str, port: str, room: str, seconds: str) -> Attacker:
    attacker = Attacker(int(port), room, float(seconds))
    await ALL[row].attack(attacker)
    return attacker


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.nice(5)  # a real one has a machine of its own
    print(json.dumps(vars(asyncio.run(attack(*sys.argv[1:])).tally)))
