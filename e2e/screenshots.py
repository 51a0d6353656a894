"""The pictures in docs/: a conversation at three widths, in both themes; the lobby; and the classroom."""

import os
import tempfile
from pathlib import Path
from typing import Any

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
    ("小明", "消息先存进数据库，再通过通道层唤醒其他进程。即使 Redis 重启，也不会丢失任何一条消息。"),
    ("ليلى", "جرّبتُ الغرفة من القطار: عادت الرسائل كلها بالترتيب نفسه."),
    ("Linus", "🫖🎉"),
    ("Grace", "Nice. I will stay a while."),
]
SCREENS: dict[str, dict[str, Any]] = {
    "1440": {"viewport": {"width": 1440, "height": 900}},
    "390": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
    "320": {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "has_touch": True},
}
THEMES = ("light", "dark")


def enter(browser: Browser, url: str, name: str, room: str = "tea-room", **options: Any) -> Page:
    page = browser.new_context(locale="en-GB", **options).new_page()
    page.goto(f"{url}/chat/{room}/")
    page.locator("#room[data-ready]").wait_for()
    say(page, f"/name {name}")
    expect(page.locator("#name")).to_have_value(name)
    return page


def say(page: Page, text: str) -> None:
    page.locator("#chat-message-input").fill(text)
    page.keyboard.press("Control+Enter")


def take(browser: Browser, url: str) -> None:
    """One conversation, as one of those who had it sees it on each screen."""
    people = {name: enter(browser, url, name) for name in dict(TALK)}
    for room in ("release-5", "学习", "دردشة", "reading-group"):
        say(enter(browser, url, "Ada", room), "Hello!")
    for count, (name, text) in enumerate(TALK, 1):
        say(people[name], text)
        expect(people["Ada"].locator(".message:not(.pending)")).to_have_count(count)
    cookies = people["Grace"].context.cookies()
    for width, screen in SCREENS.items():
        for theme in THEMES:
            context = browser.new_context(locale="en-GB", color_scheme=theme, **screen)
            context.add_cookies(cookies)
            page = context.new_page()
            page.goto(f"{url}/chat/tea-room/")
            page.locator("#room[data-ready]").wait_for()
            page.screenshot(path=DOCS / f"room-{width}-{theme}.png")
            if width != "320":
                page.goto(f"{url}/chat/")
                page.screenshot(path=DOCS / f"lobby-{width}-{theme}.png")


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
    for step in ("start", "bridges/a-log", "bridges/a-feed", "bridges/a-writer", "bridges/a-lease", "layers-compared"):
        page.goto(f"{url}/learn/{step}/")
        page.screenshot(path=DOCS / f"learn-{step.rpartition('/')[2]}.png")
    page.goto(f"{url}/learn/failures/")
    page.get_by_role("radio", name="None of them", exact=True).check(force=True)
    page.screenshot(path=DOCS / "learn-failures.png", full_page=True)


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
