"""The pictures in docs/: a conversation on a desk in light and on a phone in the dark, and the classroom."""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

import e2e.environment  # noqa: F401 - a database and settings of its own
from e2e.browser import chromium
from e2e.servers import ROOT, Server

DOCS = ROOT / "docs"
TALK = [
    ("Ada", "Good morning! Who else is reading about Channels today?"),
    ("Grace", "Here. I opened the same room in two windows, and then on the phone."),
    ("Grace", "It works without JavaScript as well, by the way."),
    ("Linus", "And if I pull the cable while writing?"),
    ("Ada", "Then the message waits here, and is sent once when you are back: https://channels.readthedocs.io/"),
    ("Linus", "你好，世界！"),
    ("Grace", "Nice. I will stay a while."),
]


def enter(browser: Browser, url: str, name: str, **options: object) -> Page:
    page = browser.new_context(locale="en-GB", **options).new_page()
    page.goto(f"{url}/chat/tea-room/")
    page.locator("#chat-message-input").fill(f"/name {name}")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value(name)
    return page


def take(browser: Browser, url: str) -> None:
    desk = {"viewport": {"width": 1200, "height": 760}, "device_scale_factor": 1}
    phone = {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 2, "color_scheme": "dark"}
    pages = {
        "Ada": enter(browser, url, "Ada", **desk),
        "Grace": enter(browser, url, "Grace", **phone),
        "Linus": enter(browser, url, "Linus"),
    }
    for count, (name, text) in enumerate(TALK, 1):
        pages[name].locator("#chat-message-input").fill(text)
        pages[name].keyboard.press("Enter")
        expect(pages["Ada"].locator(".message:not(.pending)")).to_have_count(count)
    expect(pages["Grace"].locator(".message:not(.pending)")).to_have_count(len(TALK))
    pages["Ada"].screenshot(path=DOCS / "room.png")
    pages["Grace"].screenshot(path=DOCS / "room-phone-dark.png")


def take_classroom(browser: Browser, url: str) -> None:
    """The map, a demo that was tried, and the last step of the path."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 860}).new_page()
    page.goto(f"{url}/learn/group-async/")
    for number, text in ((1, '{"message": "hello"}'), (0, '{"message": "hello, who is there?"}')):
        console = page.locator(".console").nth(number)
        console.get_by_role("button", name="Connect", exact=True).click()
        expect(console.locator(".state")).to_have_text("connected")
        console.get_by_label("Frame", exact=True).fill(text)
        console.locator("form.frame").get_by_role("button", name="Send").click()
        expect(console.locator(".in")).to_have_count(1)
    page.screenshot(path=DOCS / "learn-demo.png")
    page.goto(f"{url}/learn/")
    page.screenshot(path=DOCS / "learn-map.png")
    page.goto(f"{url}/learn/the-room/")
    page.screenshot(path=DOCS / "learn-room.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), DATABASE_URL=os.environ["DATABASE_URL"])
        server.manage("migrate", "--verbosity", "0")
        server.start()
        try:
            with chromium() as browser:
                take(browser, server.url)
                take_classroom(browser, server.url)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
