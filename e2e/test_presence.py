"""Who is here, and who is writing, as it is seen in a browser."""

import json
import re
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from e2e.conftest import PHONE, NewPage, enter, say, sees
from e2e.test_accounts import sign_up

# As one's page would, had it been left alone for so many seconds.
LEFT_ALONE = """(ago) => new Promise((done) => {
  const socket = new WebSocket(`ws://${location.host}/ws${location.pathname}`, "chat.v1")
  socket.onmessage = ({ data }) => {
    if (!data.includes('"hello"')) return
    socket.send(JSON.stringify({ type: "active", ago }))
    socket.send(JSON.stringify({ type: "ping" }))
    socket.onmessage = ({ data }) => data.includes('"pong"') && (socket.close(), done())
  }
})"""


def test_the_list_of_people_follows_who_comes_is_renamed_and_goes(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(viewport={"width": 1280, "height": 800}), room), enter(visitor(), room)
    people = ada.get_by_role("button", name="People: 2 here")
    expect(people).to_be_visible()
    people.click()
    expect(ada.get_by_role("complementary", name="People")).to_be_visible()
    expect(ada.locator("#people li")).to_have_count(2)
    expect(ada.locator("#people li", has_text="you")).to_have_count(1)
    say(bob, "/name Bob")
    expect(ada.locator("#people li bdi", has_text=re.compile("^Bob$"))).to_be_visible()
    bob.reload()
    expect(bob.locator(".connection[data-state=open]")).to_be_attached()
    expect(ada.locator("#people li")).to_have_count(2)
    bob.context.close()
    expect(ada.locator("#people li")).to_have_count(1, timeout=15_000)
    ada.reload()
    expect(ada.get_by_role("complementary", name="People"), "a panel stays open").to_be_visible()


def test_on_a_phone_the_list_is_a_drawer_that_escape_closes(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(**PHONE), room)
    people = ada.get_by_role("button", name="People: 1 here")
    people.tap()
    expect(ada.get_by_role("complementary", name="People")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(ada.locator("#people")).to_be_hidden()
    expect(people).to_be_focused()


def test_who_is_writing_is_shown_until_they_have_said_it_or_stop(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "/name Ada")
    expect(ada.locator("#name")).to_have_value("Ada")
    ada.locator("#chat-message-input").press_sequentially("hello")
    typing = bob.locator(".notice", has_text="Ada")
    expect(typing).to_contain_text("is typing")
    expect(ada.locator(".notice", has_text="typing")).to_have_count(0)
    ada.keyboard.press("Enter")
    expect(bob.locator(".message", has_text="hello")).to_be_visible()
    expect(typing).to_have_count(0)
    ada.locator("#chat-message-input").press_sequentially("well")
    expect(typing).to_contain_text("is typing")
    expect(typing).to_have_count(0, timeout=8_000)


def test_typing_ends_six_seconds_after_the_last_sign_of_it(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), visitor()
    bob.clock.install()
    enter(bob, room)
    bob.clock.pause_at(bob.evaluate("Date.now() + 1000"))
    ada.locator("#chat-message-input").press("a")
    typing = bob.locator(".notice", has_text="is typing")
    expect(typing).to_be_visible()
    bob.clock.run_for(5_900)
    expect(typing).to_be_visible()
    bob.clock.run_for(600)
    expect(typing).to_have_count(0)


def test_a_page_tells_that_one_types_while_the_field_changes_and_else_nothing(visitor: NewPage, room: str) -> None:
    ada = visitor()
    told: list[str] = []

    def sent(frame: str | bytes) -> None:
        told.extend(re.findall(r'"type":"typing"', str(frame)))

    ada.on("websocket", lambda socket: socket.on("framesent", sent))
    ada.clock.install()
    enter(ada, room)
    goes_by(ada, 30)
    assert told == []
    ada.locator("#chat-message-input").fill("one sign")
    goes_by(ada, 60)
    assert len(told) == 1, "what stands in the field is not typed again"
    ada.locator("#chat-message-input").press("s")
    goes_by(ada, 5)
    assert len(told) == 2


@pytest.mark.parametrize(
    ("locale", "sentence"), [("en-GB", "Ada, Bob and 3 others are typing"), ("zh-CN", "Ada、Bob 和另外 3 人正在输入")]
)
def test_of_five_who_type_two_are_named(visitor: NewPage, room: str, base_url: str, locale: str, sentence: str) -> None:
    page = enter(visitor(locale=locale), room)
    address = f"{base_url.replace('http', 'ws', 1)}/ws/chat/{room}/"
    with ExitStack() as stack:
        lines: dict[str, ClientConnection] = {}
        for name in ("Ada", "Bob", "Cleo", "Dan", "Eve"):
            line = connect(address, origin=Origin(base_url), subprotocols=[Subprotocol("chat.v1")])
            lines[name] = stack.enter_context(line)
            line.send(json.dumps({"message": f"/name {name}", "client_id": str(uuid4())}))
            while '"ack"' not in line.recv(10):  # type: ignore[operator]
                pass
        for name, line in lines.items():
            line.send(json.dumps({"type": "typing"}))
            if name in sentence:  # in this order
                expect(page.locator(".notice")).to_contain_text(name)
        expect(page.locator(".notice")).to_have_text(re.compile(r"[\u2068\u2069]*".join(map(re.escape, sentence))))


@pytest.mark.parametrize(
    ("locale", "account", "guest"), [("en-GB", ", account", ", guest"), ("zh-CN", "，账号", "，访客")]
)
def test_no_name_imitates_what_is_said_to_those_who_listen(
    visitor: NewPage, room: str, locale: str, account: str, guest: str
) -> None:
    name = f"Ada {uuid4().hex[:8]}"
    ada, mallory, bob = visitor(), enter(visitor(), room), visitor(locale=locale)
    sign_up(ada, name)
    say(enter(ada, room), "hello")
    say(mallory, f"/name {name}{account}")
    expect(mallory.locator(".me bdi")).to_have_text(f"{name}{account}")
    say(mallory, "hello too")
    sees(mallory, ["hello", "hello too"])
    enter(bob, room)
    first, second = [bob.locator(".message").nth(number).aria_snapshot() for number in range(2)]
    assert f"text: {name} {account}\n" in first
    assert f"text: {name}{account} {guest}\n" in second
    bob.locator(".people-button").click()
    expect(bob.locator("#people li")).to_have_count(3)
    people = bob.locator("#people").aria_snapshot()
    assert f'button "{name} {account[1:].strip()}"' in people
    assert f"listitem: {name}{account} {guest[1:].strip()}\n" in people


def test_who_is_left_alone_stands_apart_with_the_minutes_and_comes_back_by_speaking(
    visitor: NewPage, room: str
) -> None:
    bob = enter(visitor(viewport={"width": 1280, "height": 800}), room)
    ada = enter(visitor(), room)
    bob.get_by_role("button", name="People: 2 here").click()
    people = bob.get_by_role("complementary", name="People")
    expect(people.get_by_role("heading", name="Here 2")).to_be_visible()
    expect(people.get_by_role("heading", name="Away")).to_be_hidden()
    ada.evaluate(LEFT_ALONE, 14 * 60)
    expect(people.get_by_role("heading", name="Away 1")).to_be_visible()
    expect(people.locator("li", has_text="14 min")).to_have_count(1)
    expect(bob.get_by_role("button", name="People: 1 here")).to_be_visible()
    say(ada, "I am back")
    expect(people.get_by_role("heading", name="Here 2")).to_be_visible()
    expect(people.get_by_role("heading", name="Away")).to_be_hidden()


def test_a_page_tells_of_input_once_in_time_and_not_at_each_press(visitor: NewPage, room: str) -> None:
    ada = visitor()
    told: list[int] = []

    def sent(frame: str | bytes) -> None:
        if found := re.search(r'"type":"active","ago":(\d+)', str(frame)):
            told.append(int(found[1]))

    ada.on("websocket", lambda socket: socket.on("framesent", sent))
    ada.clock.install()
    enter(ada, room)
    goes_by(ada, 5)
    ada.locator("#chat-message-input").press_sequentially("several keys")
    assert told == []
    goes_by(ada, 110)
    assert len(told) == 1
    assert 80 <= told[0] <= 110, "the server learns when it was"
    goes_by(ada, 600)
    assert len(told) == 1, "who does nothing sends nothing"
    ada.keyboard.press("ArrowLeft")
    assert len(told) == 2
    assert told[1] <= 1, "and is back at once"


def goes_by(page: Page, seconds: int) -> None:
    """In steps between which a ping is answered."""
    for _ in range(seconds // 5):
        page.clock.fast_forward(5_000)
        page.wait_for_timeout(20)
