"""`python -m bench.slow_line`: how long a room takes to come on a line of 20 kbit/s with 300 ms of delay, in Chromium.

At a first visit, and at a second one by the same browser, which keeps what it has. The line is Chromium's own
emulation, which all requests and the WebSocket share; the server is this one, and compresses as it always does.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from e2e.browser import chromium
from e2e.conftest import are_stored, say
from e2e.servers import Server

RATE = 2_500  # bytes a second, in each direction
DELAY = 300  # milliseconds
WITHIN = 120_000  # milliseconds
LINE = {"offline": False, "latency": DELAY, "downloadThroughput": RATE, "uploadThroughput": RATE}

# When the line to the room was open: the state is an attribute.
OPENED = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".connection[data-state=open]")) return
  performance.mark("open")
  observer.disconnect()
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] })"""

READY = "() => ['open', 'ready to write'].every((name) => performance.getEntriesByName(name).length)"

TIMES = """() => {
  const marks = Object.fromEntries(performance.getEntriesByType("mark").map((mark) => [mark.name, mark.startTime]))
  const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime
  const requests = performance.getEntriesByType("resource")
  const sent = [performance.getEntriesByType("navigation")[0], ...requests].filter((e) => e.transferSize > 0)
  const needed = sent.filter((e) => e.startTime < marks["ready to write"])
  return {
    paint,
    open: marks.open,
    write: Math.max(marks.open, marks["ready to write"]),
    requests: needed.length,
    bytes: needed.reduce((sum, e) => sum + e.transferSize, 0),
    by: document.querySelector(".connection").dataset.transport,
  }
}"""


def visit(context: BrowserContext, url: str, said: int) -> str:
    page = context.new_page()
    page.set_default_timeout(WITHIN)
    page.add_init_script(OPENED)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.goto(url, wait_until="commit")
    page.wait_for_function(READY)
    times = page.evaluate(TIMES)
    say(page, "hello")
    are_stored(page, said)
    stored = page.evaluate("performance.now()")
    page.locator("#room[data-ready]").wait_for()
    complete = page.evaluate("performance.now()")
    page.close()
    return (
        f"one reads after {seconds(times['paint'])}, the line ({times['by']}) is open after {seconds(times['open'])}, "
        f"one can write after {seconds(times['write'])} ({times['requests']} requests, {times['bytes']:,} bytes); "
        f"what one said is stored after {seconds(stored)}, every feature is there after {seconds(complete)}"
    )


def seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f} s"


def measure(browser: Browser, server: Server, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    for said, name in enumerate(("first visit", "second visit"), 1):
        print(f"{width} px, {name}: {visit(context, f'{server.url}/chat/slow/', said)}", flush=True)
    context.close()


def fill(page: Page, url: str) -> None:
    """A room in which people have talked, as a visitor finds one."""
    page.goto(url)
    page.locator("#room[data-ready]").wait_for()
    for number in range(20):
        say(page, f"{number}: Between committed and delivered somebody may be shown the door, so ask before you speak.")
    are_stored(page, 20)


def main() -> None:
    argparse.ArgumentParser(prog="python -m bench.slow_line", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="chat-slow-") as folder, chromium() as browser:
        server = Server(Path(folder))
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            fill(browser.new_page(), f"{server.url}/chat/slow/")
            print(describe())
            measure(browser, server, 390, 844)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
