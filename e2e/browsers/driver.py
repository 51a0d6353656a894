"""What every driver has in common: W3C WebDriver's commands under both their names, and how a driver takes them.

https://www.w3.org/TR/webdriver2/ has their fields. Firefox's Marionette takes the same fields under names of its own.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id: W3C WebDriver, "web element identifier"
STARTS_WITHIN = 60.0  # seconds
ANSWERS_WITHIN = 60.0  # seconds; the first answer comes when the browser is up


@dataclass(frozen=True, slots=True)
class Command:
    marionette: str
    method: str
    path: str  # below the session's; `{id}` is an element's


NAVIGATE = Command("Navigate", "POST", "url")
RELOAD = Command("Refresh", "POST", "refresh")
BACK = Command("Back", "POST", "back")
RUN = Command("ExecuteScript", "POST", "execute/sync")
FIND = Command("FindElements", "POST", "elements")
TYPE = Command("ElementSendKeys", "POST", "element/{id}/value")
CLICK = Command("ElementClick", "POST", "element/{id}/click")
TEXT = Command("GetElementText", "GET", "element/{id}/text")
PICTURE = Command("TakeScreenshot", "GET", "screenshot")
OPEN = Command("NewWindow", "POST", "window/new")
CLOSE = Command("CloseWindow", "DELETE", "window")
SWITCH = Command("SwitchToWindow", "POST", "window")
RESIZE = Command("SetWindowRect", "POST", "window/rect")


class DriverError(Exception):
    """The browser could not carry out a command; says why in its own words."""


class Driver(ABC):
    """One running browser with one session."""

    name: str  # with its version
    window = ""  # the handle of the one that commands go to

    @abstractmethod
    def command(self, command: Command, **fields: Any) -> Any:
        """Carry out a command and return its value. `id`, if given, is an element's. Raises `DriverError`."""

    @abstractmethod
    def close(self) -> None:
        """End the browser and what was started for it."""

    def open(self) -> str:
        """Open a window and return its handle."""
        return str(self.command(OPEN, type="window")["handle"])

    def switch(self, window: str) -> None:
        if window != self.window:
            self.command(SWITCH, handle=window)
            self.window = window
