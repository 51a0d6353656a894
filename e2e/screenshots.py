"""The pictures in docs/: a conversation and the lobby at three widths, in both themes and languages; the classroom.

They show the fonts of the machine that takes them: with `FONTCONFIG_FILE` it may have others.
"""

import base64
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, expect

import e2e.environment  # noqa: F401 - a database and settings of its own
from e2e.browser import chromium
from e2e.conftest import are_stored, enter, say, sign_in
from e2e.servers import ROOT, Server

DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
QUALITY = 82  # of WebP: a third of the size of a PNG
PASSWORD = "correct horse"
MAKE_ACCOUNTS = """
for name in {names}:
    User.objects.create_user(name, password="{password}")
"""


class Talk(NamedTuple):
    """`you` see it, after a reply to what `replied` says and a reaction to what `liked` says."""

    locale: str
    room: str
    you: str
    accounts: list[str]
    said: list[tuple[str, str]]
    liked: str
    reply: tuple[str, str, str]  # who, to what, with which words
    rooms: list[str]


CODE = """```python
class ChatConsumer(AsyncWebsocketConsumer):
    async def chat_message(self, event):
        await self.send(text_data=event["text"])
```"""
ENGLISH = Talk(
    locale="en-GB",
    room="tea-room",
    you="Grace",
    accounts=["Ada", "Grace"],
    said=[
        ("Ada", "Good morning! Who else is reading about **Channels** today?"),
        ("Grace", "Here. I opened the same room in two windows, and then on the phone."),
        ("Linus", "And if I pull the cable while writing?"),
        ("Ada", "Then the message waits here, and is sent *once* when you are back."),
        ("小明", "消息先存进数据库，再通过通道层唤醒其他进程。即使 Redis 重启，也不会丢失任何一条消息。"),
        ("Linus", f"So a consumer can be as small as in the tutorial:\n{CODE}"),
        ("ليلى", "جرّبتُ الغرفة من القطار: عادت الرسائل كلها بالترتيب نفسه."),
        ("Ada", "🫖🎉"),
    ],
    liked="Then the message waits here",
    reply=("Grace", "So a consumer can be as small", "Four lines. I will stay a while."),
    rooms=["release-5", "学习", "دردشة", "reading-group"],
)
CHINESE = Talk(
    locale="zh-CN",
    room="茶室",
    you="小明",
    accounts=["小明", "若曦"],
    said=[
        ("若曦", "早上好！今天还有谁在读 **Channels** 的文档？"),
        ("小明", "我。同一个房间开了两个窗口，手机上也开了一个。"),
        ("Linus", "What happens if I pull the cable while writing?"),
        ("若曦", "消息会先留在页面里，重新连上之后*只*发送一次。"),
        ("阿哲", "消费者收到帧，写入消息日志，再由通道层唤醒其他进程。Redis 重启也不会丢消息。"),
        ("Linus", f"那么消费者可以和教程里一样小：\n{CODE}"),
        ("若曦", "🫖🎉"),
    ],
    liked="消息会先留在页面里",
    reply=("小明", "那么消费者可以和教程里一样小", "才四行。我再待一会儿。"),
    rooms=["学习", "release-5", "读书会", "夜班"],
)
SCREENS: dict[str, dict[str, Any]] = {
    "1440": {"viewport": {"width": 1440, "height": 900}},
    "390": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "320": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
}
THEMES = ("light", "dark")


def come_in(browser: Browser, url: str, talk: Talk, name: str) -> Page:
    page = browser.new_context(locale="en-GB", base_url=url, viewport={"width": 1280, "height": 800}).new_page()
    if name in talk.accounts:
        sign_in(page, name, PASSWORD)
        return enter(page, talk.room)
    enter(page, talk.room)
    say(page, f"/name {name}")
    expect(page.locator("#name")).to_have_value(name)
    return page


def have(talk: Talk, people: dict[str, Page]) -> None:
    """The conversation, and in the other rooms a greeting."""
    you = people[talk.you]
    for room in talk.rooms:
        other = enter(you.context.new_page(), room)
        say(other, "👋")
        are_stored(other, 1)
        other.close()
    for count, (name, text) in enumerate(talk.said, 1):
        say(people[name], text)
        expect(you.locator(".message:not(.pending)")).to_have_count(count)
    for page in people.values():
        liked = page.locator(".message", has_text=talk.liked)
        liked.hover()
        liked.get_by_role("button", name="React", exact=True).click()
        page.locator(".quick").get_by_role("button", name="❤️").click()
    expect(you.locator(".reaction")).to_have_text(f"❤️ {len(people)}")
    name, answered, words = talk.reply
    message = people[name].locator(".message", has_text=answered)
    message.hover()
    message.get_by_role("button", name="Reply").click()
    say(people[name], words)
    expect(you.locator(".message .text", has_text=words)).to_be_visible()


def take_talks(browser: Browser, server: Server) -> None:
    for talk in (ENGLISH, CHINESE):
        make = MAKE_ACCOUNTS.format(names=talk.accounts, password=PASSWORD)
        server.manage("shell", "--verbosity", "0", "--command", make)
        take(browser, server.url, talk)


def take(browser: Browser, url: str, talk: Talk) -> None:
    """As one of those who had it sees it on each screen."""
    people = {name: come_in(browser, url, talk, name) for name in dict(talk.said)}
    have(talk, people)
    language = talk.locale.split("-")[0]
    for width, screen in SCREENS.items():
        for theme in THEMES:
            context = browser.new_context(locale=talk.locale, color_scheme=theme, base_url=url, **screen)
            context.add_cookies(
                [each for each in people[talk.you].context.cookies() if each["name"] != "chat_language"]
            )
            page = enter(context.new_page(), talk.room)
            expect(page.locator(".people-button .number")).to_have_text(str(len(people)))
            picture(page, f"room-{language}-{width}-{theme}")
            page.goto("/chat/")
            picture(page, f"lobby-{language}-{width}-{theme}")
            context.close()
    for page in people.values():
        page.context.close()


def picture(page: Page, name: str) -> None:
    session = page.context.new_cdp_session(page)
    found = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(found["data"]))


def take_classroom(browser: Browser, server: Server) -> None:
    """The map, each step of the path, and what one can break and solve, as `make run` shows it."""
    url = server.url
    page = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 860}).new_page()
    page.goto(f"{url}/learn/echo-async/")
    for prepared in ("hello", "six bytes"):
        page.get_by_role("button", name=prepared, exact=True).click()
    expect(page.locator(".console .in")).to_have_count(2)
    page.screenshot(path=DOCS / "learn-echo-async.png")
    page.goto(f"{url}/learn/group-async/")
    for number, text in ((1, '{"message": "hello"}'), (0, '{"message": "hello, who is there?"}')):
        console = page.locator(f'[data-of="{number + 1}"]')
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
    page.locator('[data-of="1"]').get_by_role("button", name="hello", exact=True).click()
    expect(page.locator(".console .in")).to_have_count(1)
    page.screenshot(path=DOCS / "learn-exercise.png", full_page=True)
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
        for pictures, debug in ((take_talks, "0"), (take_classroom, "1")):
            server = Server(Path(folder), DATABASE_URL=os.environ["DATABASE_URL"], DEBUG=debug)
            server.manage("migrate", "--verbosity", "0")
            server.start()
            try:
                pictures(browser, server)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
