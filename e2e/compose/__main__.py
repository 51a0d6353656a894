"""`python -m e2e.compose [pytest's arguments]`: bring the stack up, run journeys through its proxy and the operator's
tests, take it down with all it stored. Without a Docker engine it says so and ends with 0: there is nothing to test."""

import os
import subprocess
import sys

from e2e.compose import before
from e2e.compose.stack import BASE_URL, Failed, docker, down, up

# What a browser sees of the way through the proxy; the rest of the journeys do not depend on it.
JOURNEYS = ["test_rooms.py", "test_lines.py", "test_streams.py", "test_page.py", "test_tutorial.py"]


def pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env=os.environ | {"BASE_URL": BASE_URL, "COMPOSE_TEST": "1"}, check=False).returncode


def main() -> int:
    try:
        docker("info")
    except (Failed, OSError):
        print("No Docker engine answers: the stack was not tested.")
        return 0
    print(f"The upgrade is tested from {before.description()}.")
    down()
    try:
        up("--build")
        arguments = sys.argv[1:]
        journeys = 0 if arguments else pytest(*(f"e2e/{file}" for file in JOURNEYS))
        return pytest("e2e/compose", *arguments) or journeys
    finally:
        down()


if __name__ == "__main__":
    sys.exit(main())
