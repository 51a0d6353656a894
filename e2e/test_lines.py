"""When the line is bad: without WebSocket, offline, too far behind. And editing and deleting, live."""

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say, sees
from e2e.faults.front import Front
from e2e.test_rooms import fill


def on(page: Page, transport: str) -> None:
    expect(page.locator(".connection")).to_have_attribute("data-transport", transport, timeout=5_000)
    expect(page.locator(".connection")).to_have_attribute("data-state", "open", timeout=5_000)


@pytest.mark.parametrize(
    ("blocked", "transport"), [((b"Upgrade: websocket",), "events"), ((b"Upgrade: websocket", b"/events/"), "poll")]
)
def test_where_a_websocket_is_blocked_the_room_works_by_other_ways(
    visitor: NewPage, room: str, front: Front, blocked: tuple[bytes, ...], transport: str
) -> None:
    front.blocked = blocked
    ada, bob = visitor(base_url=front.url), enter(visitor(), room)
    ada.goto(f"/chat/{room}/")
    on(ada, transport)
    say(ada, "by another way")
    expect(bob.get_by_text("by another way")).to_be_visible()
    say(bob, "and back")
    expect(ada.get_by_text("and back")).to_be_visible()
    expect(ada.get_by_role("button", name="People: 2 here")).to_be_visible()
    is_ready(ada).locator("#chat-message-input").press_sequentially("well")
    expect(bob.locator(".notice")).to_contain_text("is typing")
    if transport == "events":  # a hint ends no poll
        bob.locator("#chat-message-input").press_sequentially("well")
        expect(ada.locator(".notice")).to_contain_text("is typing")
    say(ada, "/name Ada")
    expect(ada.get_by_label("Your name")).to_have_value("Ada")
    front.cut()
    say(bob, "missed")
    expect(ada.get_by_text("Connection lost at")).to_be_visible()
    front.mend()
    expect(ada.get_by_text("missed")).to_be_visible(timeout=15_000)
    for page in (ada, bob):
        sees(page, ["by another way", "and back", "missed"])


def test_once_a_websocket_gets_through_again_the_page_goes_back_to_it(
    visitor: NewPage, room: str, front: Front
) -> None:
    def impatient(route: Route) -> None:
        response = route.fetch()
        source = response.text()
        assert "const SOCKET_AGAIN = 300_000" in source
        route.fulfill(response=response, body=source.replace("SOCKET_AGAIN = 300_000", "SOCKET_AGAIN = 500"))

    front.blocked = (b"Upgrade: websocket",)
    ada, bob = visitor(base_url=front.url), enter(visitor(), room)
    ada.route("**/connection.js", impatient)
    ada.goto(f"/chat/{room}/")
    on(ada, "events")
    with ada.expect_websocket():  # refused, and the line in use is kept
        pass
    say(ada, "still by events")
    expect(bob.get_by_text("still by events")).to_be_visible()
    on(ada, "events")
    front.blocked = ()
    on(ada, "websocket")
    say(ada, "by websocket")
    for page in (ada, bob):
        sees(page, ["still by events", "by websocket"])


def test_what_is_written_offline_survives_a_reload_and_is_sent_once(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "online")
    expect(bob.get_by_text("online")).to_be_visible()
    ada.context.set_offline(True)
    expect(ada.get_by_text("You are offline.")).to_be_visible()
    say(ada, "written offline")
    expect(ada.locator(".message.pending .text")).to_have_text("written offline")
    ada.context.set_offline(False)
    ada.reload()
    for page in (ada, bob):
        expect(page.locator(".message:not(.pending)", has_text="written offline")).to_have_count(1, timeout=10_000)
        sees(page, ["online", "written offline"])


def test_a_tab_closed_with_something_unsent_sends_it_when_the_room_is_opened_again(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    ada.context.set_offline(True)
    say(ada, "unsent")
    expect(ada.locator(".message.pending")).to_have_count(1)
    context = ada.context
    ada.close()
    context.set_offline(False)
    again = enter(context.new_page(), room)
    expect(again.locator(".message:not(.pending) .text")).to_have_text(["unsent"])


def test_away_for_600_messages_the_page_is_loaded_anew_and_nothing_typed_is_lost(
    visitor: NewPage, room: str, front: Front
) -> None:
    ada, bob = enter(visitor(base_url=front.url), room), enter(visitor(), room)
    ada.locator("#chat-message-input").press_sequentially("half a sentence")
    front.cut()
    fill(bob, room, 600)
    with ada.expect_navigation(timeout=20_000):
        front.mend()
    expect(ada.locator("#chat-message-input")).to_have_value("half a sentence")
    sees(ada, [f"message {n}" for n in range(551, 601)])


def test_an_edit_is_seen_by_everyone_live_and_later(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "teh first")
    expect(bob.get_by_text("teh first")).to_be_visible()
    ada.locator(".message.mine").hover()
    ada.get_by_role("button", name="Edit").click()
    expect(ada.locator("#chat-message-input")).to_have_value("teh first")
    say(ada, "the first")
    for page in (ada, bob, enter(visitor(), room)):
        expect(page.locator(".message .text")).to_have_text(["the first"])
        expect(page.locator(".edited")).to_be_visible()
    expect(ada.locator("#chat-message-input")).to_have_value("")


def test_arrow_up_edits_the_last_message_and_escape_brings_the_draft_back(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    are_stored(ada, 1)
    ada.keyboard.press("ArrowUp")
    expect(ada.locator("#chat-message-input")).to_have_value("one")
    ada.keyboard.press("Escape")
    expect(ada.locator("#chat-message-input")).to_have_value("")


def test_a_deleted_message_is_gone_everywhere_and_only_ones_own_can_be_deleted(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "secret")
    say(ada, "stays")
    expect(bob.locator(".message")).to_have_count(2)
    bob.locator(".message").first.hover()
    expect(bob.get_by_role("toolbar").get_by_role("button", name="More")).to_be_visible()
    expect(bob.get_by_role("button", name="Delete", exact=True)).to_have_count(0)
    ada.locator(".message:not(.pending)").first.focus()
    ada.get_by_role("button", name="Delete", exact=True).press("Enter")
    for page in (ada, bob, enter(visitor(), room)):
        expect(page.locator(".message .text")).to_have_text(["stays"], timeout=10_000)
        assert "secret" not in page.content()


def test_a_change_that_cannot_be_made_keeps_what_was_typed(visitor: NewPage, room: str, front: Front) -> None:
    ada = enter(visitor(base_url=front.url), room)
    say(ada, "one")
    are_stored(ada, 1)
    ada.keyboard.press("ArrowUp")
    expect(ada.get_by_role("button", name="Save", exact=True)).to_be_visible()
    front.cut()
    say(ada, "two")
    expect(ada.get_by_text("Not changed: no connection.")).to_be_visible()
    expect(ada.locator("#chat-message-input")).to_have_value("two")


def test_an_ack_that_was_lost_leaves_no_second_copy_behind(visitor: NewPage, room: str, front: Front) -> None:
    ada, bob = enter(visitor(base_url=front.url), room), enter(visitor(), room)
    say(ada, "hello")
    expect(bob.get_by_text("hello")).to_be_visible()
    front.cut_before, front.cut_share = b'"ack"', 1.0
    say(ada, "the answer is lost")
    expect(bob.get_by_text("the answer is lost")).to_be_visible()
    front.cut_before = None
    ada.reload()
    expect(ada.locator(".pending")).to_have_count(0, timeout=15_000)
    sees(ada, ["hello", "the answer is lost"])


def test_typing_faster_than_the_line_sends_each_message_once(visitor: NewPage, room: str) -> None:
    ada = visitor()
    sent: list[str | bytes] = []
    ada.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    enter(ada, room)
    for n in range(6):
        say(ada, f"message {n}")
    expect(ada.locator(".message:not(.pending)")).to_have_count(6)
    assert len([frame for frame in sent if '"type":"message"' in str(frame)]) == 6


def test_a_storage_with_rubbish_or_none_does_not_keep_the_page_from_connecting(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.add_init_script(f"localStorage['outbox:{room}:x'] = 'rubbish'")
    enter(ada, room)
    bob = visitor()
    for storage in ("localStorage", "sessionStorage"):
        bob.add_init_script(
            f"Object.defineProperty(window, '{storage}', {{ get() {{ throw new Error('forbidden') }} }})"
        )
    enter(bob, room)
    say(bob, "hello")
    expect(ada.get_by_text("hello")).to_be_visible()


def test_history_that_could_not_be_loaded_is_asked_for_again(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 60)
    bob = enter(visitor(), room)
    bob.route("**/history/**", lambda route: route.abort(), times=1)
    bob.locator("#chat-log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    expect(bob.locator(".message")).to_have_count(60)
