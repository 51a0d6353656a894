"""Who is here, and who is writing, as it is seen in a browser."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import PHONE, NewPage, enter, say

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
