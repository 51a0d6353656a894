"""`python -m bench.wire`: what the wire inspector costs the page of a room, in Chromium, against this server.

Three pages in turn, several rounds: one that never opened it, one that opened and closed it, and one in which it is
open. For each the bytes of the inspector that were loaded, and how long the main thread works (of CPU) while 500
messages come in 5 s. Closed it should cost nothing. Only printed: they depend on the machine.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.machine import describe
from bench.page_busy import Feeder, tasks
from e2e.browser import chromium
from e2e.servers import Server

MESSAGES, SECONDS = 500, 5
STATES = ("never opened", "opened and closed", "open")


def prepare(page: Page, address: str, state: str) -> list[int]:
    """Returns the bytes of each file of the inspector that the page loads, as they come."""
    loaded: list[int] = []
    page.on("requestfinished", lambda it: loaded.append(it.sizes()["responseBodySize"]) if "/wire/" in it.url else None)
    page.goto(address + ("" if state == "never opened" else "#wire"))
    page.locator("#room[data-ready]").wait_for()
    if state != "never opened":
        page.locator(".wire").wait_for()
    if state == "opened and closed":
        page.locator(".wire header button").click()
        page.locator(".wire").wait_for(state="detached")
    page.locator(".connection[data-state=open]").wait_for(state="attached")
    return loaded


def measure(browser: Browser, feeder: Feeder, state: str) -> tuple[int, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    loaded = prepare(page, f"{feeder.server.url}/chat/{feeder.room}/", state)
    browser.start_tracing(page=page, categories=["toplevel"])
    feeder.say(MESSAGES, SECONDS)
    page.locator(f"#m{MESSAGES}").wait_for()
    spent = tasks(browser.stop_tracing())
    page.close()
    return sum(loaded), sum(spent)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.wire", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    bytes_of: dict[str, list[int]] = {state: [] for state in STATES}
    work_of: dict[str, list[float]] = {state: [] for state in STATES}
    with tempfile.TemporaryDirectory(prefix="chat-wire-") as folder, chromium() as browser:
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            for number in range(rounds):
                for place in range(len(STATES)):
                    state = STATES[(place + number) % len(STATES)]  # none is always the first
                    loaded, work = measure(browser, Feeder(server, f"wire-{number}-{place}"), state)
                    bytes_of[state].append(loaded)
                    work_of[state].append(work)
        finally:
            server.stop()
    print(describe())
    never = statistics.median(work_of[STATES[0]])
    for state in STATES:
        work = statistics.median(work_of[state])
        figures = f"{bytes_of[state][0]:,} bytes, {work:,.0f} ms of CPU for {MESSAGES} messages"
        print(f"{state}: {figures} ({work / never:.2f} times)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
