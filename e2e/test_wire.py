"""The wire inspector: the frames of this browser, on each transport, and nothing of it before it is opened."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocket, expect

from e2e.conftest import PHONE, NewPage
from e2e.servers import Server

TRANSPORTS = [("Use a WebSocket", "websocket"), ("Use SSE", "events"), ("Use poll", "poll")]


@pytest.fixture(scope="module")
def debugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `make run` serves it."""
    server = Server(tmp_path_factory.mktemp("debugged"), DEBUG="1")
    server.manage("migrate", "--verbosity", "0")
    yield server.start()
    server.stop()


def opened(visitor: NewPage, room: str) -> Page:
    page = visitor()
    page.goto(f"/chat/{room}/#wire")
    expect(page.locator(".wire")).to_be_visible()
    expect(page.locator(".connection[data-state=open]")).to_be_attached()
    return page


def say(page: Page, text: str) -> None:
    page.locator("#chat-message-input").fill(text)
    page.locator("#chat-message-input").press("Enter")
    expect(page.locator(".messages").get_by_text(text)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.locator(".wire").get_by_role("button", name=name, exact=True).click()


def test_a_room_loads_nothing_of_it_until_it_is_opened(visitor: NewPage) -> None:
    page = visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/chat/closed-wire/")
    expect(page.locator("#room[data-ready]")).to_be_attached()
    assert not [url for url in asked if "/wire/" in url]
    assert page.evaluate("WebSocket.toString().includes('native code') && fetch.toString().includes('native code')")


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_a_message_and_its_acknowledgement_are_seen_on_each_transport(
    visitor: NewPage, button: str, transport: str
) -> None:
    page = opened(visitor, f"wire-{transport}")
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached(timeout=15_000)
    say(page, f"hello by {transport}")
    expect(page.locator(".wire .out").filter(has_text=re.compile("message|frame")).first).to_be_visible()
    expect(page.locator(".wire .ladder li").last).to_have_text("1", timeout=10_000)


def test_a_line_that_is_cut_comes_back_and_numbers_show_a_replay(visitor: NewPage) -> None:
    page = opened(visitor, "wire-cut")
    for text in ("one", "two", "three", "four"):
        say(page, text)
    expect(page.locator(".wire .ladder li").last).to_have_text("4")
    expect(page.locator(".wire-frames").get_by_text(re.compile("ack.* ms after")).first).to_be_visible()
    press(page, "Come back from n − 3")
    expect(page.locator(".wire .ladder .again")).to_have_text(["2 again", "3 again", "4 again"])
    expect(page.locator(".messages article")).to_have_count(4)
    press(page, "Send again with the same id")
    press(page, "Cut my line")
    expect(page.locator(".connection[data-state=open]")).to_be_attached(timeout=10_000)
    say(page, "five")
    expect(page.locator(".messages article")).to_have_count(5)


def test_it_opens_in_a_room_that_is_open_and_once(visitor: NewPage) -> None:
    page = visitor()
    page.goto("/chat/wire-later/")
    expect(page.locator("#room[data-ready]")).to_be_attached()
    for fragment in ("#wire", "#other", "#wire"):
        page.evaluate("(fragment) => { location.hash = fragment }", fragment)
        expect(page.locator(".wire")).to_be_visible()
    expect(page.locator(".wire")).to_have_count(1)


def test_closed_it_leaves_the_room_as_it_was(visitor: NewPage) -> None:
    """Nothing holds the drawer any more: no listener, no timer, no line."""
    page = opened(visitor, "wire-closed")
    page.evaluate("window.drawer = new WeakRef(document.querySelector('.wire'))")
    press(page, "Offline for 5 s")
    press(page, "Close")
    expect(page.locator(".wire")).to_have_count(0)
    expect(page.locator(".connection[data-state=open]")).to_be_attached()
    assert page.evaluate("WebSocket.toString().includes('native code') && fetch.toString().includes('native code')")
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    assert page.evaluate("window.drawer.deref() === undefined")
    say(page, "still here")


def test_by_keyboard_alone_one_cuts_the_line_reads_a_frame_and_leaves(visitor: NewPage) -> None:
    page = opened(visitor, "wire-keys")
    wire = page.get_by_role("complementary", name="The wire")
    expect(wire.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    cut = wire.get_by_role("button", name="Cut my line")
    expect(cut).to_be_focused()
    before = wire.get_by_role("status").inner_text()
    page.keyboard.press("Enter")
    expect(wire.get_by_role("status")).not_to_have_text(before)
    expect(wire.get_by_role("status")).to_contain_text("reconnect")
    tab_to(page, ".wire-frames summary")
    page.keyboard.press("Enter")
    expect(wire.locator("details[open] pre")).to_contain_text('"type":')
    page.keyboard.press("Escape")
    expect(wire).to_have_count(0)
    expect(page.locator("#chat-message-input")).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_each_part_has_a_name_that_a_screen_reader_says(visitor: NewPage, button: str, transport: str) -> None:
    page = opened(visitor, f"wire-names-{transport}")
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached(timeout=15_000)
    say(page, "hello")
    wire = page.get_by_role("complementary", name="The wire")
    expect(wire.get_by_role("status")).to_contain_text(transport)
    expect(wire.get_by_role("list", name="Numbers that came, in their order").get_by_role("listitem")).to_have_text(
        ["1"]
    )
    frames = wire.get_by_role("list", name="Frames").get_by_role("listitem")
    expect(frames.filter(has_text="message").first).to_be_visible()
    assert all(each.get_attribute("type") == "button" for each in wire.get_by_role("button").all())


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_on_a_phone_one_writes_and_sees_it_on_the_wire(visitor: NewPage, button: str, transport: str) -> None:
    page = visitor(**PHONE)
    page.goto(f"/chat/wire-phone-{transport}/#wire")
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached(timeout=15_000)
    field, drawer = page.locator("#chat-message-input").bounding_box(), page.locator(".wire").bounding_box()
    assert field
    assert drawer
    assert field["y"] + field["height"] <= drawer["y"]
    page.locator("#chat-message-input").tap()
    page.keyboard.type("hello")
    page.locator("#chat-message-submit").tap()
    expect(page.locator(".wire .ladder li").last).to_have_text("1", timeout=10_000)


def test_closed_it_takes_nothing_of_the_line_that_the_room_has(visitor: NewPage) -> None:
    """Neither frames nor time: the room is as one that never had it, and its socket is nobody's but the room's."""
    page = visitor()
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))  # Playwright marks what it calls
    page.goto("/chat/wire-cost/#wire")
    expect(page.locator(".wire")).to_be_visible()
    expect(page.locator(".connection[data-state=open]")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator(".wire")).to_have_count(0)
    expect(page.locator(".connection[data-state=open]")).to_be_attached()
    say(page, "still here")
    open_now = [socket.url for socket in sockets if not socket.is_closed()]
    assert len(open_now) == 1
    assert "/ws/chat/wire-cost/" in open_now[0]
    assert page.evaluate("WebSocket.toString().includes('native code') && fetch.toString().includes('native code')")


@pytest.mark.parametrize(("button", "transport"), TRANSPORTS)
def test_with_debug_the_servers_half_is_shown_on_each_transport(
    visitor: NewPage, debugged: Server, button: str, transport: str
) -> None:
    page = visitor(base_url=debugged.url)
    page.goto(f"/chat/stages-{transport}/#wire")
    expect(page.locator(".wire").get_by_text("Say something, and here is")).to_be_visible()
    press(page, button)
    expect(page.locator(f".connection[data-state=open][data-transport={transport}]")).to_be_attached()
    say(page, "how far did you come?")
    stages = page.locator(".wire .stages li")
    expect(stages.locator("small")).to_have_text(["submitted", "batch of 1", "committed", "fed", "published"])
    expect(stages.nth(3)).to_have_text(re.compile(r"^\d+\.\dfed$"))
    expect(page.locator(".wire").get_by_text(re.compile("^Number 1, in milliseconds"))).to_be_visible()
    press(page, "Send again with the same id")
    expect(page.locator(".wire").get_by_text("Stored before, as number 1.")).to_be_visible()
    assert "stages" not in page.locator(".wire-frames").inner_text()


def test_without_debug_nothing_of_the_server_is_shown(visitor: NewPage) -> None:
    page = opened(visitor, "wire-alone")
    say(page, "hello")
    expect(page.locator(".wire .ladder li").last).to_have_text("1")
    expect(page.locator(".wire section")).to_be_hidden()
