"""`python -m bench.page_busy`: what a busy room costs the page, in Chromium, against this server.

Three figures, each with the most that it may be: from a key pressed to its letter painted, after 3,000 messages; how
long the main thread works (of CPU) while 1,000 messages come in 10 s; and its longest task meanwhile. Only printed:
they depend on the machine.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from e2e.browser import chromium
from e2e.servers import Server

BEFORE = 3_000  # messages, before keys are pressed
FLOOD, SECONDS = 1_000, 10
KEYS = 60
LIMITS = {"key to paint, median": 20, "main thread busy": 4_000, "longest task": 100}  # milliseconds

TEXT = "Between committed and delivered somebody may be shown the door, so ask before you speak. "

WATCH = """() => {
  window.keys = []
  document.getElementById("chat-message-input").addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => window.keys.push(performance.now() - timeStamp) // after the frame was painted
      port2.postMessage(null)
    })
  })
}"""


@dataclass
class Feeder:
    """Somebody who speaks by a socket."""

    server: Server
    room: str

    def say(self, count: int, seconds: float = 0) -> None:
        address = f"{self.server.ws}/ws/chat/{self.room}/"
        with connect(address, origin=Origin(self.server.url), subprotocols=[Subprotocol("chat.v1")]) as socket:
            begun, acks = time.monotonic(), 0
            for number in range(count):
                time.sleep(max(0, begun + seconds * number / count - time.monotonic()))
                text = f"{number}: {TEXT * (1 + number % 3)}"
                socket.send(json.dumps({"message": text, "client_id": str(uuid4())}))
                acks += self.acknowledged(socket.recv(10)) if seconds == 0 and number - acks > 20 else 0
            while acks < count:
                acks += self.acknowledged(socket.recv(10))

    @staticmethod
    def acknowledged(frame: str | bytes) -> int:
        return sum(event["type"] == "ack" for event in as_list(json.loads(frame)))


def as_list(frame: object) -> list[dict[str, object]]:
    return frame if isinstance(frame, list) else [frame]  # type: ignore[list-item]


def tasks(trace: bytes) -> list[float]:
    """Milliseconds of CPU of each task of the page's main thread: the machine may have other work."""
    events = json.loads(trace)["traceEvents"]
    mains = {(e["pid"], e["tid"]) for e in events if e.get("args", {}).get("name") == "CrRendererMain"}
    spent = [e for e in events if e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in mains and "tdur" in e]
    page = max(mains, key=lambda main: sum(e["tdur"] for e in spent if (e["pid"], e["tid"]) == main))
    return [e["tdur"] / 1000 for e in spent if (e["pid"], e["tid"]) == page]


def measure(browser: Browser, feeder: Feeder) -> dict[str, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{feeder.server.url}/chat/{feeder.room}/")
    page.locator("#room[data-ready]").wait_for()
    feeder.say(BEFORE)
    page.locator(f"#m{BEFORE}").wait_for()
    page.evaluate(WATCH)
    for _ in range(KEYS):
        page.keyboard.press("a")
        page.wait_for_timeout(30)
    keys = page.evaluate("window.keys")
    browser.start_tracing(page=page, categories=["toplevel"])
    feeder.say(FLOOD, SECONDS)
    page.locator(f"#m{BEFORE + FLOOD}").wait_for()
    page.wait_for_timeout(500)
    spent = tasks(browser.stop_tracing())
    print(f"{page.locator('.message').count()} messages are kept of {BEFORE + FLOOD:,}")
    return dict(zip(LIMITS, [statistics.median(keys), sum(spent), max(spent)], strict=True))


def main() -> int:
    argparse.ArgumentParser(prog="python -m bench.page_busy", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="chat-busy-") as folder, chromium() as browser:
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            figures = measure(browser, Feeder(server, "busy"))
        finally:
            server.stop()
    print(describe())
    for name, figure in figures.items():
        print(f"{name}: {figure:,.0f} ms (at most {LIMITS[name]:,})")
    return int(any(figure > LIMITS[name] for name, figure in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
