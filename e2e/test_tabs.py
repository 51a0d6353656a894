"""Several tabs of one person, and coming back to one."""

from playwright.sync_api import Page, expect

from e2e.conftest import NewPage, are_stored, enter, is_ready, open_menu, say, sees
from e2e.faults.front import Front
from e2e.test_rooms import fill
from e2e.test_writing import SERVER_REFUSES


def test_a_new_name_is_known_in_the_other_tabs(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    other = enter(ada.context.new_page(), f"{room}-other")
    open_menu(ada)
    ada.get_by_label("Your name").fill("Ada")
    ada.get_by_label("Your name").press("Enter")
    expect(other.get_by_label("Your name")).to_have_value("Ada")
    is_ready(other)
    say(other, "from the other tab")
    expect(other.locator(".message:not(.pending) .author")).to_have_text("Ada")
    ada.locator("#chat-message-input").focus()  # a name is not changed under who is writing it
    say(other, "/name Countess")
    expect(ada.get_by_label("Your name")).to_have_value("Countess")


def test_a_failed_message_that_is_discarded_in_one_tab_goes_in_the_other(visitor: NewPage, room: str) -> None:
    ada = visitor()
    ada.add_init_script(SERVER_REFUSES)
    enter(ada, room)
    say(ada, "refuse forbidden")
    expect(ada.get_by_role("button", name="Try again")).to_be_visible()
    other = enter(ada.context.new_page(), room)
    expect(other.locator(".failed")).to_have_count(1)
    other.get_by_role("button", name="Discard").click()
    for page in (ada, other):
        expect(page.locator(".failed")).to_have_count(0)


def test_eight_tabs_on_sse_leave_the_browser_connections(visitor: NewPage, room: str, front: Front) -> None:
    front.blocked = (b"Upgrade: websocket",)
    tabs: list[Page] = [visitor(base_url=front.url)]
    tabs += [tabs[0].context.new_page() for _ in range(7)]
    for number, tab in enumerate(tabs):
        tab.set_default_timeout(15_000)
        enter(tab, f"{room}-{number % 2}")
    for number, tab in enumerate(tabs[:4]):
        say(tab, f"message {number}")
        are_stored(tab, number // 2 + 1)  # also what one said in the other tab of this room
    for number, tab in enumerate(tabs):
        sees(tab, [f"message {n}" for n in range(4) if n % 2 == number % 2])


def test_by_sse_one_speaks_also_after_the_token_was_changed_in_another_tab(
    visitor: NewPage, room: str, front: Front
) -> None:
    front.blocked = (b"Upgrade: websocket",)
    ada = enter(visitor(base_url=front.url), room)
    cookies = [cookie for cookie in ada.context.cookies() if cookie["name"] == "chat_csrf"]
    ada.context.add_cookies([cookies[0] | {"value": "x" * len(cookies[0]["value"])}])  # signing in changes it
    say(ada, "hello")
    sees(ada, ["hello"])


def test_a_page_out_of_the_back_forward_cache_connects_at_once(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    ada.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    say(bob, "meanwhile")
    sees(bob, ["meanwhile"])
    sees(ada, [])
    ada.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(ada.get_by_text("meanwhile")).to_be_visible(timeout=1_000)


def test_back_from_another_room_one_reads_on_at_the_same_place(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 60)
    enter(ada, room)
    ada.locator("#chat-log").evaluate("(log) => (log.scrollTop = -600)")
    place = ada.locator("#m40").bounding_box()
    assert place
    ada.locator("#sidebar header .wordmark").click()
    ada.wait_for_url("**/chat/")
    ada.go_back()
    is_ready(ada)
    after = ada.locator("#m40").bounding_box()
    assert after
    assert abs(after["y"] - place["y"]) < 2


def test_the_line_is_open_before_the_rest_of_the_page_has_come(visitor: NewPage, room: str) -> None:
    ada = visitor()
    held = []
    ada.route("**/composer*.js", lambda route: held.append(route))
    ada.goto(f"/chat/{room}/", wait_until="commit")
    expect(ada.locator(".connection")).to_have_attribute("data-state", "open")
    bob = enter(visitor(), room)
    say(bob, "early")
    sees(bob, ["early"])
    for route in held:
        route.continue_()
    sees(ada, ["early"])


def test_among_many_rooms_the_current_one_is_in_sight(visitor: NewPage, room: str) -> None:
    ada = visitor(viewport={"width": 1280, "height": 500})
    for number in range(30):
        enter(ada, f"{room}-{number}")
        say(ada, "hello")
        sees(ada, ["hello"])
    enter(ada, f"{room}-0")
    expect(ada.locator("#sidebar [aria-current=page]")).to_be_in_viewport()
