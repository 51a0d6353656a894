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
    """The map, each step of the path, and what one can break and solve, as `make run` shows it."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 860}).new_page()
    page.goto(f"{url}/learn/echo-async/")
    for prepared in ("hello", "six bytes"):
        page.get_by_role("button", name=prepared, exact=True).click()
    expect(page.locator(".console .in")).to_have_count(2)
    page.screenshot(path=DOCS / "learn-echo-async.png")
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
    take_what_runs(page, url)


def take_what_runs(page: Page, url: str) -> None:
    page.goto(f"{url}/learn/failures/live/")
    page.get_by_role("button", name="The sentence").click()
    expect(page.locator('[data-reads="product"]')).to_have_text("Tell Eve we do not")
    page.get_by_role("button", name="Cut Bo’s line").click()
    expect(page.locator('[data-reads="product"]')).to_contain_text("ten sharp")
    page.screenshot(path=DOCS / "learn-lab.png")
    page.goto(f"{url}/learn/exercises/3/")
    page.get_by_text("A hint", exact=True).click()
    page.locator(".console").first.get_by_role("button", name="hello", exact=True).click()
    expect(page.locator(".console .in")).to_have_count(1)
    page.screenshot(path=DOCS / "learn-exercise.png")
    page.goto(f"{url}/chat/channels/#wire")
    expect(page.locator(".wire")).to_be_visible()
    for text in ("Does it come back?", "With all that was said meanwhile?"):
        say(page, text)
        expect(page.locator(".wire .stages small").nth(3)).to_have_text("fed")
    page.get_by_role("button", name="Come back from n − 3").click()
    expect(page.locator(".wire .ladder .again")).to_have_count(2)
    page.screenshot(path=DOCS / "learn-wire.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for pictures, debug in ((take, "0"), (take_classroom, "1")):
            server = Server(Path(folder), DATABASE_URL=os.environ["DATABASE_URL"], DEBUG=debug)
            server.manage("migrate", "--verbosity", "0")
            server.start()
            try:
                pictures(browser, server.url)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
