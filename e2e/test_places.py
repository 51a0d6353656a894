"""Links to messages: the page opens there, goes on in both directions, and meets what is said meanwhile."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, say
from e2e.servers import Server
from e2e.test_rooms import fill

MESSAGES = 180


@pytest.fixture
def full(server: Server, room: str) -> str:
    """A room with 180 messages."""
    script = f"""
from uuid import uuid4
from chat.identity import Identity
from chat.posting import commit
from chat.verbs import Say
commit([Say("{room}", Identity("guest-x", "Old"), f"message {{n}}", uuid4()) for n in range(1, {MESSAGES + 1})])
"""
    server.manage("shell", "--verbosity", "0", "--command", script)
    return room


def ids(page: Page) -> list[int]:
    found: list[int] = page.locator(".message[id^=m]").evaluate_all("all => all.map(each => +each.id.slice(1))")
    return found


def scroll(page: Page, to: str) -> None:
    page.locator("#chat-log").evaluate(f"log => log.scrollTop = {'0' if to == 'end' else '-log.scrollHeight'}")


def opened_at(page: Page, room: str, id: int) -> Page:
    page.goto(f"/chat/{room}/?at={id}")
    return is_ready(page)


def test_a_page_opens_at_the_message_and_marks_it(visitor: NewPage, full: str) -> None:
    ada = opened_at(visitor(), full, 90)
    expect(ada.locator("#m90.at")).to_be_in_viewport(ratio=1)
    assert ids(ada) == list(range(65, 116))


def test_going_on_meets_the_end_with_what_was_said_meanwhile(visitor: NewPage, full: str) -> None:
    ada, bob = opened_at(visitor(), full, 90), enter(visitor(), full)
    for n in range(3):
        say(bob, f"meanwhile {n}")
    bob.locator(f"#m{MESSAGES + 3}").wait_for()
    while ada.locator(".newer").count():
        last = ids(ada)[-1]
        scroll(ada, "end")
        expect(ada.locator(f"#m{last + 1}")).to_have_count(1)
    expect(ada.locator(f"#m{MESSAGES + 3}")).to_have_count(1)
    say(bob, "live again")
    ada.locator(f"#m{MESSAGES + 4}").wait_for()
    while ada.locator(".older").count():
        first = ids(ada)[0]
        scroll(ada, "beginning")
        expect(ada.locator(f"#m{first - 1}")).to_have_count(1)
    assert ids(ada) == list(range(1, MESSAGES + 5))
    expect(ada.locator(".newest")).to_have_count(0)


def test_a_live_message_never_lands_in_the_past_but_a_change_of_one_that_is_shown_does(
    visitor: NewPage, full: str
) -> None:
    bob = enter(visitor(), full)
    say(bob, "first")
    bob.locator(f"#m{MESSAGES + 1}").wait_for()
    ada = opened_at(visitor(), full, 90)
    say(bob, "second")
    bob.locator(f"#m{MESSAGES + 2}").wait_for()
    carol = opened_at(visitor(), full, 90)
    carol.locator("#m90").hover()
    carol.locator("#m90").get_by_role("button", name="React", exact=True).click()
    carol.locator(".quick").get_by_role("button", name="🎉").click()
    for page in (ada, carol):
        expect(page.locator("#m90 .reaction")).to_have_text("🎉 1")
        assert ids(page) == list(range(65, 116))


def test_loading_below_leaves_the_readers_place(visitor: NewPage, full: str) -> None:
    ada = opened_at(visitor(), full, 90)
    ada.locator("#chat-log").evaluate("log => log.scrollTop = -40")
    before = ada.locator("#m110").bounding_box()
    ada.locator("#m116").wait_for(state="attached")
    after = ada.locator("#m110").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 60, "else one would be moved to the end, and on and on"
    assert ids(ada)[-1] < MESSAGES


def test_the_way_to_the_newest_counts_what_others_say_meanwhile(visitor: NewPage, full: str) -> None:
    ada, bob = opened_at(visitor(), full, 90), enter(visitor(), full)
    jump = ada.locator(".newest")
    expect(jump).to_have_text("Jump to the newest")
    for n in range(3):
        say(bob, f"meanwhile {n}")
    are_stored(bob, 3)
    expect(jump).to_have_text("Jump to the newest, 3 new")
    bob.locator(".message.mine").last.focus()
    bob.locator(".message.mine").last.get_by_role("button", name="Delete").click()
    say(bob, "and another thing")  # a deletion waits for its undo, or for what is done next
    expect(jump).to_have_text("Jump to the newest, 4 new")
    expect(jump).to_have_text("Jump to the newest, 3 new")
    while ada.locator(".newer").count():
        last = ids(ada)[-1]
        scroll(ada, "end")
        expect(ada.locator(f"#m{last + 1}")).to_have_count(1)
    expect(jump).to_have_count(0)


def test_back_from_elsewhere_one_reads_on_where_one_was_also_far_up(visitor: NewPage, full: str) -> None:
    ada = enter(visitor(), full)
    for first in (MESSAGES - 49, MESSAGES - 99):
        scroll(ada, "beginning")
        expect(ada.locator(f"#m{first - 1}")).to_have_count(1)
    ada.locator("#m60").evaluate("message => message.scrollIntoView()")
    for _ in range(2):  # from the newest page, and from the part of the past that was shown instead
        ada.locator(".sidebar .wordmark").click()
        ada.wait_for_url("**/chat/")
        ada.go_back()
        expect(ada.locator("#m60")).to_be_in_viewport()
        is_ready(ada)
        expect(ada.locator("#m60")).to_be_in_viewport()
        expect(ada.locator("#m35")).not_to_be_in_viewport()
    ada.get_by_role("link", name="Jump to the newest").click()
    expect(is_ready(ada).locator(f"#m{MESSAGES}")).to_be_in_viewport()


def test_back_from_elsewhere_a_message_that_was_deleted_is_no_reason_to_go_further_up(
    visitor: NewPage, room: str
) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    fill(ada, room, 60)
    enter(bob, room)
    bob.locator("#m40").evaluate("message => message.scrollIntoView({ block: 'start' })")
    place = bob.evaluate("""() => {
      const { top } = document.getElementById("chat-log").getBoundingClientRect()
      return [...document.querySelectorAll(".message")].find((each) => each.getBoundingClientRect().bottom > top).id
    }""")
    bob.locator(".sidebar .wordmark").click()
    bob.wait_for_url("**/chat/")
    ada.evaluate("""(id) => fetch(`${location.pathname}messages/${id.slice(1)}/delete/`, {
      method: "POST",
      headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    })""", place)  # fmt: skip
    bob.go_back()
    is_ready(bob)
    expect(bob.locator(f"#{place}")).to_have_count(0)
    expect(bob.locator("#m40")).to_be_in_viewport()
    assert "after" not in bob.url


def test_a_deleted_message_says_so(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    for text in ("one", "two", "three"):
        say(ada, text)
    ada.locator("#m3").wait_for()
    ada.locator("#m2").focus()
    ada.locator("#m2").get_by_role("button", name="Delete").click()
    enter(ada, room)
    expect(ada.locator("#m2")).to_have_count(0)
    opened_at(ada, room, 2)
    expect(ada.locator(".gone")).to_have_text("This message was deleted.")


def test_a_link_is_copied_and_leads_there(visitor: NewPage, full: str) -> None:
    ada = opened_at(visitor(permissions=["clipboard-read", "clipboard-write"]), full, 90)
    ada.locator("#m90").hover()
    ada.locator("#m90").get_by_role("button", name="Copy link").click()
    expect(ada.locator(".notice p")).to_have_text("Link copied.")
    address: Any = ada.evaluate("navigator.clipboard.readText()")
    assert address.endswith(f"/chat/{full}/?at=90")


def test_jump_to_the_newest_and_saying_something_lead_to_the_end(visitor: NewPage, full: str) -> None:
    ada = opened_at(visitor(), full, 90)
    ada.get_by_role("link", name="Jump to the newest").click()
    expect(is_ready(ada).locator(f"#m{MESSAGES}")).to_be_in_viewport()
    opened_at(ada, full, 20)
    say(ada, "from the past")
    expect(ada.locator(f"#m{MESSAGES + 1}")).to_be_in_viewport()
