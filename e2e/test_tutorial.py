"""The page of the Channels tutorial, served beside this application, works on its WebSocket as it is."""

from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, enter, say

PAGE = (Path(__file__).parent / "tutorial" / "room.html").read_text()


def tutorial(page: Page, room: str) -> Page:
    """The tutorial's page under the same origin, as if it lay beside this server."""
    page.route("**/tutorial/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(f"/tutorial/#{room}")
    page.wait_for_function("chatSocket.readyState === WebSocket.OPEN")
    return page


def test_the_tutorials_page_talks_to_itself_and_to_ours(visitor: NewPage, room: str) -> None:
    ada, bob, carol = tutorial(visitor(), room), tutorial(visitor(), room), enter(visitor(), room)
    ada.keyboard.type("hello")
    ada.keyboard.press("Enter")
    expect(bob.locator("#chat-log")).to_have_value("hello\n")
    expect(carol.locator(".message .text")).to_have_text("hello")
    say(carol, "welcome")
    for page in (ada, bob):
        expect(page.locator("#chat-log")).to_have_value("hello\nwelcome\n")


def test_the_tutorials_page_gets_no_answer_that_it_does_not_know(visitor: NewPage, room: str) -> None:
    ada = tutorial(visitor(), room)
    ada.evaluate("chatSocket.addEventListener('message', ({ data }) => (window.frames_ ??= []).push(JSON.parse(data)))")
    for text in ("one", "", "two"):
        ada.keyboard.type(text)
        ada.keyboard.press("Enter")
    ada.wait_for_function("window.frames_?.length === 3")
    kinds = sorted(sorted(frame) for frame in ada.evaluate("frames_"))
    assert kinds == [["author", "message"], ["author", "message"], ["error"]]
