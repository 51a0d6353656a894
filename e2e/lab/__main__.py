"""`make lab`: the failure lab's page over real servers and a real Redis. `--compare` prints the losses of both."""

import argparse
import asyncio
import os

ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "mysite.settings", "DEBUG": "1", "LEARN": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m e2e.lab", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--compare", action="store_true", help="run each fault in both, and print what is lost")
    options = parser.parse_args()
    os.environ |= ENVIRONMENT
    os.environ.pop("REDIS_URL", None)  # of this process, which has only the page
    from e2e.lab.running import compare, serve  # Django is set up by what they import

    asyncio.run(compare() if options.compare else serve(options.port))


if __name__ == "__main__":
    main()
