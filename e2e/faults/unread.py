"""`python -m e2e.faults.unread`: how soon each device of two people shows what is unread, and that the number is right.

Ada and Bob have two devices each, in Chromium. One of each is at the first of two servers, the other at the second. It
is measured from when a page sends what was done until another one shows the number; where a line was cut, from when it
is open again. `--database postgres` and `--repeats` are the options.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

import e2e.environment  # noqa: F401 - settings of its own
from e2e.browser import chromium
from e2e.conftest import NewPage, are_stored, enter, say
from e2e.faults.harness import POLL_SECONDS, Stack
from e2e.test_accounts import sign_in, sign_up
from e2e.test_reactions import offer
from e2e.test_unread import mark_unread, row

AT_ONCE = 1_000  # milliseconds, while Redis is there
WITHOUT = "Redis killed: "  # how the names of those steps begin

# When a page last did something of each kind, when its line was opened, and when it last showed another number.
TIMES = """
globalThis.times = { shown: 0 }
{
  const { send } = WebSocket.prototype, { fetch } = globalThis
  const done = (what) => (times[what] = Date.now())
  WebSocket.prototype.send = function (frame) {
    done(JSON.parse(frame).type)
    send.call(this, frame)
  }
  globalThis.fetch = (address, options) => {
    if (options?.method === "POST") done("post")
    return fetch(address, options)
  }
  let before = "", wasOpen = false
  new MutationObserver(() => {
    const count = document.querySelector(`#sidebar .row[data-room="ROOM"] .count`)
    const shown = `${document.title} ${count?.className} ${count?.textContent}`
    if (shown !== before) done("shown")
    before = shown
    const isOpen = Boolean(document.querySelector(".connection[data-state=open]"))
    if (isOpen && !wasOpen) done("open")
    wasOpen = isOpen
  }).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["data-state"] })
}
"""


class Devices:
    """`took` has, for each thing that was done, after how many milliseconds each page showed what it has to."""

    def __init__(self, stack: Stack, visitor: NewPage) -> None:
        self.stack = stack
        self.room = f"room-{uuid4().hex[:10]}"
        self.elsewhere = f"{self.room}-elsewhere"
        self.took: dict[str, list[int]] = {}
        one, two = (server.url for server in stack.servers)
        stack.front.backends = [stack.servers[0].port]
        self.ada, self.bob = (f"{name} {uuid4().hex[:8]}" for name in ("Ada", "Bob"))
        addresses = (stack.front.url, two, one, two)
        self.a1, self.a2, self.b1, self.b2 = (visitor(base_url=address) for address in addresses)
        for first, second, name in ((self.a1, self.a2, self.ada), (self.b1, self.b2, self.bob)):
            sign_up(first, name)
            sign_in(second, name)
        for page in (self.a1, self.a2, self.b1, self.b2):
            page.context.add_init_script(TIMES.replace("ROOM", self.room))

    def run(self) -> None:
        self.begin()
        self.say_and_change()
        self.read_and_mark()
        self.cut_and_return()
        self.without_redis()

    def begin(self) -> None:
        """Both belong to the room and have read all of it. Bob looks at it on his first device."""
        for page in (self.b1, self.a1):
            say(enter(page, self.room), "I belong here")
            are_stored(page, 1)
        for page in (self.a1, self.a2, self.b2):
            enter(page, self.elsewhere)
        self._show({self.a1: (0, 0), self.a2: (0, 0), self.b2: (0, 0)})

    def say_and_change(self) -> None:
        say(self.b1, "one")
        self._after("say", self.b1, "message", {self.a1: (1, 0), self.a2: (1, 0), self.b2: (0, 0)})
        say(self.b1, f"@{self.ada}, two")
        self._after("say, with a mention", self.b1, "message", self._ada(2, 1) | {self.b2: (0, 0)})
        self._tool(self.b1, 3, "Edit")
        expect(self.b1.locator("#chat-message-input")).to_have_value("one")
        say(self.b1, f"@{self.ada}, one")
        self._after("edit, with a mention", self.b1, "post", self._ada(2, 2) | {self.b2: (0, 0)})
        offer(self.b1, 4)
        self.b1.locator(".quick").get_by_role("button", name="👍").click()
        self.b1.locator("#m4 .reaction").wait_for()
        self._show(self._ada(2, 2))
        self._tool(self.b1, 4, "Delete")
        # Had the edit or the reaction made something unread, it would be more.
        self._after("delete", self.b1, "post", self._ada(1, 1) | {self.b2: (0, 0)})

    def read_and_mark(self) -> None:
        enter(self.a2, self.room)
        self._after("read", self.a2, "read", {self.a1: (0, 0)})
        mark_unread(self.a2, 3)
        self._after("mark unread", self.a2, "read", {self.a1: (1, 1)})
        enter(self.b1, self.elsewhere)
        say(self.a2, "I am back")
        self._after("speak, and so read", self.a2, "message", {self.a1: (0, 0), self.b1: (1, 0), self.b2: (1, 0)})
        enter(self.b2, self.room)
        self._after("read", self.b2, "read", {self.b1: (0, 0)})
        enter(self.a2, self.elsewhere)
        self._show(self._ada(0, 0))

    def cut_and_return(self) -> None:
        self.stack.front.cut()
        expect(self.a1.locator(".connection")).not_to_have_attribute("data-state", "open")
        say(self.b2, "three")
        self._after("say", self.b2, "message", {self.a2: (1, 0)})
        self._show({self.a1: (0, 0)})
        self.stack.front.mend()
        self._after("a line that was cut, open again", self.a1, "open", {self.a1: (1, 0)})

    def without_redis(self) -> None:
        assert self.stack.valkey
        self.stack.valkey.kill()
        say(self.b2, "four")
        self._after(f"{WITHOUT}say", self.b2, "message", self._ada(2, 0))
        self._tool(self.b2, self._last(self.b2) - 1, "Delete")
        self._after(f"{WITHOUT}delete", self.b2, "post", self._ada(1, 0))
        last = self._last(enter(self.a2, self.room))
        self._after(f"{WITHOUT}read", self.a2, "read", {self.a1: (0, 0)})
        mark_unread(self.a2, last)
        self._after(f"{WITHOUT}mark unread", self.a2, "read", {self.a1: (1, 0)})
        self.stack.valkey.start()
        say(self.b2, "five")
        self._show({self.a1: (2, 0)})
        enter(self.a2, self.elsewhere)
        self._show(self._ada(2, 0))

    def _ada(self, unread: int, mentions: int) -> dict[Page, tuple[int, int]]:
        return {self.a1: (unread, mentions), self.a2: (unread, mentions)}

    def _tool(self, page: Page, id: int, name: str) -> None:
        page.locator(f"#m{id}").hover()
        page.locator(f"#m{id}").get_by_role("button", name=name, exact=True).click()

    def _last(self, page: Page) -> int:
        return int((page.locator(".message[id^=m]:not(.pending)").last.get_attribute("id") or "")[1:])

    def _after(self, what: str, by: Page, act: str, shown: dict[Page, tuple[int, int]]) -> None:
        """Only what changed has a time."""
        self._show(shown)
        done = by.evaluate("act => times[act]", act)
        times = [page.evaluate("times.shown") - done for page in shown]
        self.took.setdefault(what, []).extend(took for took in times if took >= 0)

    def _show(self, shown: dict[Page, tuple[int, int]]) -> None:
        for page, (unread, mentions) in shown.items():
            count: Any = row(page, self.room)
            expect(count).to_have_text([f"{unread} unread"] if unread else [])
            expect(page).to_have_title(f"({mentions}) {self.elsewhere}" if mentions else self.elsewhere)


@contextmanager
def two_servers(database: str = "sqlite") -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="chat-unread-") as folder:
        stack = Stack(Path(folder), database=database, redis=True, servers=2, daphne=False,
                      application="mysite.asgi:application", options=())  # fmt: skip
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


def main() -> int:
    """Returns how many of the medians are later than they may be."""
    parser = argparse.ArgumentParser(prog="python -m e2e.faults.unread", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    took: dict[str, list[int]] = {}
    with chromium() as browser, two_servers(options.database) as stack:
        for _ in range(options.repeats):
            devices = Devices(stack, lambda **made: browser.new_context(**made).new_page())
            devices.run()
            for what, times in devices.took.items():
                took.setdefault(what, []).extend(times)
            for context in browser.contexts:
                context.close()
    late = 0
    print(f"| what was done, {options.repeats} times | shown after ms, median | at most |\n| --- | --- | --- |")
    for what, times in took.items():
        late += statistics.median(times) > (POLL_SECONDS * 1000 + AT_ONCE if what.startswith(WITHOUT) else AT_ONCE)
        print(f"| {what} | {statistics.median(times):.0f} | {max(times)} |")
    return late


if __name__ == "__main__":
    sys.exit(main())
