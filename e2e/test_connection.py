"""The line breaks: what the page says of it, how one tries again at once, and that nobody is shown as gone for it."""

import re

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from e2e.conftest import NewPage, enter, is_ready, say, sees
from e2e.faults.front import Front

CUT = 2_000  # milliseconds


def cut_off(page: Page, front: Front) -> None:
    """Until its attempts come seldom enough to press the button between two of them."""
    front.cut()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"Next try in ([4-9]|\d\d) s\."), timeout=90_000)


def test_the_bar_counts_down_and_retry_now_connects_at_once(visitor: NewPage, room: str, front: Front) -> None:
    ada, bob = enter(visitor(base_url=front.url), room), enter(visitor(), room)
    bar, status, button = ada.locator(".bar"), ada.locator(".connection"), ada.get_by_role("button", name="Retry now")
    expect(button).to_be_hidden()
    cut_off(ada, front)
    expect(status).to_have_text(re.compile(r"Connection lost at \d+:\d\d.*\. What you write waits here\."))
    ada.evaluate("""() => {
      window.spoken = 0
      const look = new MutationObserver((changes) => (window.spoken += changes.length))
      look.observe(document.querySelector(".connection"), { childList: true, characterData: true, subtree: true })
    }""")
    before = ada.get_by_role("timer").inner_text()
    expect(ada.get_by_role("timer")).not_to_have_text(before)
    assert ada.evaluate("window.spoken") == 0, "a screen reader would read out each second"
    say(bob, "missed")
    front.mend()
    button.focus()
    ada.keyboard.press("Enter")
    is_ready(ada)
    expect(bar).to_have_text(re.compile(r"^\s*Retry now\s*$"))
    expect(button).to_be_hidden()
    expect(ada.locator("#chat-message-input")).to_be_focused()
    sees(ada, ["missed"])


def test_the_bar_speaks_chinese_and_fits_a_phone(visitor: NewPage, room: str, front: Front) -> None:
    ming = enter(visitor(base_url=front.url, locale="zh-CN", viewport={"width": 320, "height": 640}), room)
    front.cut()
    expect(ming.get_by_role("button", name="立即重试")).to_be_in_viewport(ratio=1)
    expect(ming.locator(".connection")).to_contain_text("断开")
    assert ming.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_cut_of_two_seconds_shows_nobody_as_gone(visitor: NewPage, room: str, front: Front) -> None:
    bob = visitor()
    frames: list[str] = []
    bob.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    enter(bob, room)
    ada = enter(visitor(base_url=front.url), room)
    expect(bob.get_by_role("button", name="People: 2 here")).to_be_visible()
    for _ in range(2):
        front.cut()
        bob.wait_for_timeout(CUT)
        front.mend()
        is_ready(ada)
        say(ada, "back")
        expect(bob.get_by_text("back").last).to_be_visible()
        bob.wait_for_timeout(9_000)  # as long as one who was cut off may take, and a second
    assert [frame for frame in frames if '"left"' in frame] == []
    ada.context.close()
    expect(bob.get_by_role("button", name="People: 1 here")).to_be_visible()
    assert [frame for frame in frames if '"left"' in frame], "who goes is seen to go"


def test_a_break_of_a_moment_moves_nothing(visitor: NewPage, room: str, front: Front) -> None:
    ada = enter(visitor(base_url=front.url), room)
    ada.evaluate("""() => {
      window.tallest = 0
      new ResizeObserver(([{ contentRect }]) => (window.tallest = Math.max(window.tallest, contentRect.height)))
        .observe(document.querySelector(".connection"))
    }""")
    with ada.expect_websocket():
        front.cut()
        front.mend()
    is_ready(ada)
    assert ada.locator(".connection").inner_text() == ""
    assert ada.evaluate("window.tallest") == 0


def test_a_slow_line_is_not_taken_for_one_that_lets_no_websocket_through(visitor: NewPage, room: str) -> None:
    """The server's first word comes after the three seconds that a quick line is given."""
    ada = visitor()

    def late_page(route: Route) -> None:
        ada.wait_for_timeout(5_000)
        route.continue_()

    def late_words(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def late(frame: str | bytes) -> None:
            ada.wait_for_timeout(4_000)
            socket.send(frame)

        server.on_message(late)

    ada.route(f"**/chat/{room}/", late_page)
    ada.route_web_socket(f"**/ws/chat/{room}/**", late_words)
    enter(ada, room)
    expect(ada.locator(".connection")).to_have_attribute("data-transport", "websocket")
