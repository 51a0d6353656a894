"""Answering a message: what everybody sees of it, and what becomes of it when the message changes."""

from playwright.sync_api import Page, WebSocketRoute, expect

from e2e.conftest import NewPage, enter, say


def answer(page: Page, id: int) -> None:
    page.locator(f"#m{id}").hover()
    page.locator(f"#m{id}").get_by_role("button", name="Reply").click()


def test_a_reply_quotes_the_message_as_it_is_now(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    say(ada, "shall **we**?")
    bob.locator("#m1").wait_for()
    answer(bob, 1)
    expect(bob.locator(".notice")).to_contain_text("shall we?")
    say(bob, "yes")
    for page in (ada, bob):
        expect(page.locator("#m2 .quote .cut")).to_have_text("shall we?")
    expect(bob.locator(".notice p")).to_be_empty()

    ada.locator("#m1").hover()
    ada.locator("#m1").get_by_role("button", name="Edit").click()
    ada.locator("#chat-message-input").fill("let us go")
    ada.keyboard.press("Enter")
    for page in (ada, bob):
        expect(page.locator("#m2 .quote .cut")).to_have_text("let us go")
    expect(ada.locator("#chat-message-input")).to_have_value("")
    ada.locator("#m1").hover()
    ada.locator("#m1").get_by_role("button", name="Delete").click()
    expect(ada.locator(".notice p")).to_have_text("Deleted.")
    for page in (bob, ada):
        expect(page.locator("#m2 .quote")).to_have_text("This message was deleted", timeout=20_000)
    bob.reload()
    expect(bob.locator("#m2 .quote")).to_have_text("This message was deleted")


def test_escape_takes_the_reply_back_and_leaves_what_was_typed(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    ada.locator("#m1").wait_for()
    answer(ada, 1)
    ada.keyboard.type("two")
    ada.keyboard.press("Escape")
    expect(ada.locator(".notice p")).to_be_empty()
    expect(ada.locator("#chat-message-input")).to_have_value("two")
    ada.keyboard.press("Enter")
    ada.locator("#m2").wait_for()
    expect(ada.locator(".quote")).to_have_count(0)


def test_a_reply_written_without_a_connection_is_a_reply_when_it_is_sent(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    ada.locator("#m1").wait_for()
    ada.context.set_offline(True)
    answer(ada, 1)
    say(ada, "two")
    expect(ada.locator(".message.pending .quote .cut")).to_have_text("one")
    ada.context.set_offline(False)
    expect(ada.locator("#m2 .quote .cut")).to_have_text("one", timeout=20_000)


def test_a_reply_that_still_waits_after_a_reload_shows_what_it_answers(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one *more*")
    ada.locator("#m1").wait_for()
    ada.route("**/chat/*/messages/", lambda route: route.abort())
    ada.route_web_socket("**/ws/chat/**", lambda socket: swallow_messages(socket))
    enter(ada, room)
    answer(ada, 1)
    say(ada, "two")
    expect(ada.locator(".message.pending .quote")).to_contain_text("one more")
    enter(ada, room)
    expect(ada.locator(".message.pending .quote .cut")).to_have_text("one more")


def swallow_messages(socket: WebSocketRoute) -> None:
    """What is said gets lost on its way; all else goes through."""
    server = socket.connect_to_server()
    socket.on_message(lambda message: None if '"message"' in str(message) else server.send(message))


def test_a_quote_leads_to_its_message_on_the_page(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    ada.locator("#m1").wait_for()
    answer(ada, 1)
    say(ada, "two")
    ada.locator("#m2 .quote").click()
    expect(ada.locator("#m1.at")).to_be_focused()


def test_without_a_script_a_page_quotes_all_the_same(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    say(ada, "one")
    ada.locator("#m1").wait_for()
    answer(ada, 1)
    say(ada, "two")
    ada.locator("#m2").wait_for()
    plain = visitor(java_script_enabled=False)
    plain.goto(f"/chat/{room}/")
    expect(plain.locator("#m2 .quote .cut")).to_have_text("one")
