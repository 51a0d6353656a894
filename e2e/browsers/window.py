"""A window of a browser, and what somebody does and sees in it."""

import base64
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from e2e.browsers.driver import (
    BACK,
    CLICK,
    CLOSE,
    ELEMENT,
    FIND,
    NAVIGATE,
    PICTURE,
    RELOAD,
    RESIZE,
    RUN,
    TEXT,
    TYPE,
    Command,
    Driver,
    DriverError,
)

# W3C WebDriver's table of keys. NULL lets go of Shift; WebKitWebDriver hangs on a second Shift.
ENTER, ESCAPE, UP, SHIFT, NULL = "\ue007", "\ue00c", "\ue013", "\ue008", "\ue000"
FIELD = "#chat-message-input"
STORED = ".message:not(.pending, .failed) .text"
WITHIN = 15.0  # seconds


class Window:
    """`url` is the server as this window calls it: another host's name is another person."""

    def __init__(self, driver: Driver, url: str, handle: str = "") -> None:
        self._driver = driver
        self._handle = handle or driver.open()
        self.url = url

    def _do(self, command: Command, **fields: Any) -> Any:
        self._driver.switch(self._handle)
        return self._driver.command(command, **fields)

    def go(self, path: str) -> None:
        self._do(NAVIGATE, url=self.url + path)

    def reload(self) -> None:
        self._do(RELOAD)

    def back(self) -> None:
        self._do(BACK)

    def close(self) -> None:
        left = self._do(CLOSE)
        self._driver.window = ""
        self._driver.switch(left[0])

    def resize(self, width: int, height: int) -> None:
        self._do(RESIZE, width=width, height=height)

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a function's body returns in the page."""
        return self._do(RUN, script=script, args=list(arguments))

    def find(self, selector: str) -> list[str]:
        """Ids of the elements, in the page's order."""
        return [found[ELEMENT] for found in self._do(FIND, using="css selector", value=selector)]

    def texts(self, selector: str = STORED) -> list[str]:
        return [self._do(TEXT, id=element) for element in self.find(selector)]

    def click(self, selector: str) -> None:
        self._do(CLICK, id=self.find(selector)[0])

    def type(self, keys: str, selector: str = FIELD) -> None:
        self._do(TYPE, id=self.find(selector)[0], text=keys)

    def type_lines(self, *lines: str) -> None:
        """As with a keyboard, where Enter alone sends."""
        for number, line in enumerate(lines):
            if number:
                self.type(SHIFT + ENTER + NULL)
            self.type(line)

    def say(self, text: str) -> None:
        self.type(text + ENTER)

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._do(PICTURE)))

    def wait(self, what: str, answer: Callable[[], object], within: float = WITHIN) -> None:
        """Until it is true. A page that is being left may refuse to answer."""
        deadline = time.monotonic() + within
        last: object = None
        while time.monotonic() < deadline:
            try:
                if last := answer():
                    return
            except (DriverError, IndexError) as error:
                last = error
            time.sleep(0.05)
        raise AssertionError(f"not within {within:.0f} s: {what} ({last!r})")

    def wait_for(self, selector: str, count: int = 1, within: float = WITHIN) -> None:
        self.wait(f"{count} × {selector}", lambda: len(self.find(selector)) == count, within)

    def wait_to_see(self, texts: list[str], within: float = WITHIN) -> None:
        """Until the log ends with these texts."""
        seen: list[str] = []

        def ends_so() -> bool:
            script = "return [...document.querySelectorAll(arguments[0])].map((text) => text.innerText.trim())"
            seen[:] = self.run(script, STORED)
            return seen[-len(texts) :] == texts

        try:
            self.wait(repr(texts), ends_so, within)
        except AssertionError as error:
            raise AssertionError(f"{error}; the log ends with {seen[-len(texts) - 1 :]}") from None

    def enter(self, room: str) -> None:
        self.go(f"/chat/{room}/")
        self.is_ready()

    def is_ready(self) -> None:
        self.wait_for("#room[data-ready]")
        self.wait_for(".connection[data-state=open]")
