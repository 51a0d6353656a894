"""`make lab`: the failure lab's page over real servers and a real Redis. `--compare` prints the losses of both."""

import argparse
import asyncio
import os
from contextlib import suppress

from e2e.lab.stack import Stack

ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "mysite.settings", "DEBUG": "1", "LEARN": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m e2e.lab", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--compare", action="store_true", help="run each fault in both, and print what is lost")
    options = parser.parse_args()
    stack = Stack()
    redis = stack.redis.url if not options.compare else ""  # for the page of the layers
    os.environ |= ENVIRONMENT | {"DATABASE_URL": stack.database, "REDIS_URL": redis}
    from e2e.lab.running import compare, serve  # what they import sets Django up

    with suppress(KeyboardInterrupt):
        asyncio.run(compare(stack) if options.compare else serve(stack, options.port))


if __name__ == "__main__":
    main()
