"""The lists of rooms, live: in the lobby and beside a room, by activity, with what was said last and what is unread."""

from playwright.sync_api import Page, WebSocket, expect

from e2e.conftest import NewPage, are_stored, enter, say, sees
from e2e.faults.front import Front
from e2e.servers import Server
from e2e.test_unread import account


def first_rooms(page: Page, among: str) -> list[str]:
    """In the lobby, of those whose names begin so."""
    return [name for name in page.locator(".entry b").all_inner_texts() if name.startswith(among)]


def test_the_lobby_shows_a_new_room_and_who_said_what_last_and_moves_it_up(visitor: NewPage, room: str) -> None:
    ada, bob = visitor(), enter(visitor(), f"{room}-one")
    ada.goto("/chat/")
    ada.locator("#room-name-input").fill("what I type stays")
    say(bob, "the first word")
    row = ada.locator(f'.entry[data-room="{room}-one"]')
    expect(row.locator(".last")).to_contain_text("Anonymous-")
    expect(row.locator(".last")).to_contain_text(": the first word")
    other = enter(bob, f"{room}-two")
    say(other, "the second")
    expect(ada.locator(f'.entry[data-room="{room}-two"]')).to_be_visible()
    assert first_rooms(ada, room) == [f"{room}-two", f"{room}-one"]
    say(enter(bob, f"{room}-one"), "the **third**")
    expect(row.locator(".last")).to_contain_text(": the third")
    expect(ada.locator(".entry b").first).to_have_text(f"{room}-one")
    assert first_rooms(ada, room) == [f"{room}-one", f"{room}-two"]
    expect(ada.locator("#room-name-input")).to_have_value("what I type stays")
    row.click()
    ada.wait_for_url(f"**/chat/{room}-one/")


def test_the_lobby_counts_what_is_unread_by_one_connection(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), enter(visitor(), room)
    sockets: list[WebSocket] = []
    say(enter(ada, room), "I belong here")
    are_stored(ada, 1)
    name = ada.locator("#room").get_attribute("data-name")
    ada.on("websocket", lambda socket: sockets.append(socket))
    ada.goto("/chat/")
    say(bob, "one")
    row = ada.locator(f'.entry[data-room="{room}"]')
    expect(row.locator(".count")).to_have_text("1 unread")
    say(bob, f"@{name}, two")
    expect(row.locator(".count.mine")).to_have_text("2 unread")
    expect(ada).to_have_title("(1) Rooms")
    assert [socket.url.rpartition("/ws/chat/")[2] for socket in sockets] == ["?after=0"]


def test_a_lobby_that_was_cut_off_asks_for_what_it_missed(visitor: NewPage, room: str, front: Front) -> None:
    ada, bob = visitor(base_url=front.url), enter(visitor(), room)
    ada.goto("/chat/")
    say(bob, "one")
    expect(ada.locator(f'.entry[data-room="{room}"] .last')).to_contain_text("one")
    front.cut()
    say(bob, "two")
    sees(bob, ["one", "two"])
    front.mend()
    expect(ada.locator(f'.entry[data-room="{room}"] .last')).to_contain_text("two", timeout=30_000)


def test_beside_a_room_the_others_move_up_and_a_new_one_appears(visitor: NewPage, room: str) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), f"{room}-new")
    listed = ada.locator("#sidebar .rooms .row")
    say(bob, "hello")
    expect(listed.first).to_have_text(f"{room}-new")
    say(ada, "hello")
    expect(listed.first).to_have_text(room)
    expect(listed.first).to_have_attribute("aria-current", "page")
    ada.locator("#sidebar .lists").hover()
    say(bob, "while somebody is about to press one")
    ada.wait_for_timeout(1500)
    expect(listed.first).to_have_text(room)
    ada.locator("#chat-log").hover()
    expect(listed.first).to_have_text(f"{room}-new")


# Livelier than a room in which something was said a minute ago: what is said within a second of that moves it no more.
CROWD = """
from datetime import timedelta
from django.utils import timezone
from chat.models import Room
now = timezone.now()
Room.objects.filter(name="{room}").update(active_at=now - timedelta(minutes=1))
Room.objects.bulk_create(Room(name=f"crowd-{room}-{{n}}", active_at=now) for n in range(60))
"""
GONE = "from chat.models import Room; Room.objects.filter(name__startswith='crowd-{room}-').delete()"


def test_the_rooms_to_which_one_belongs_stand_first_however_many_others_are_livelier(
    visitor: NewPage, room: str, server: Server
) -> None:
    ada, bob = enter(account(visitor, "Ada"), room), enter(visitor(), room)
    say(ada, "I belong here")
    are_stored(ada, 1)
    server.manage("shell", "--verbosity", "0", "--command", CROWD.format(room=room))
    try:
        here = enter(ada, f"{room}-here")
        listed = here.locator("#sidebar .rooms .row")
        expect(listed).to_have_count(51)  # with the one in which nobody has spoken yet
        expect(listed.nth(1)).to_have_text(room)
        say(bob, "one")
        expect(listed.first).to_have_attribute("data-room", room)
        expect(listed.first.locator(".count")).to_have_text("1 unread")
        say(enter(visitor(), f"{room}-new"), "hello")
        expect(listed.nth(1)).to_have_text(f"{room}-new")
        expect(listed.first).to_have_attribute("data-room", room)
        say(here, "and here, too")
        expect(listed.first).to_have_text(f"{room}-here")
        expect(listed.nth(1)).to_have_attribute("data-room", room)
    finally:
        server.manage("shell", "--verbosity", "0", "--command", GONE.format(room=room))


def test_a_new_topic_is_seen_by_who_is_there(visitor: NewPage, room: str) -> None:
    ada, bob = account(visitor, "Ada"), visitor()
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    enter(ada, room)
    enter(bob, room)
    lobby = bob.context.new_page()
    lobby.goto("/chat/")
    say(ada, "/topic Tea, and what goes with it")
    expect(bob.locator(".head .title p")).to_have_text("Tea, and what goes with it")
    expect(lobby.locator(f'.entry[data-room="{room}"] .topic')).to_have_text("Tea, and what goes with it")


def test_the_row_of_a_room_that_was_closed_leaves_the_lists_of_strangers(visitor: NewPage, room: str) -> None:
    ada, lobby = account(visitor, "Ada"), visitor()
    ada.goto("/rooms/new/")
    ada.get_by_label("Name").fill(room)
    ada.get_by_role("button", name="Make the room").click()
    say(enter(ada, room), "hello")
    lobby.goto("/chat/")
    page = enter(lobby.context.new_page(), f"{room}-other")
    mine = ada.context.new_page()
    mine.goto("/chat/")
    entry, row = f'.entry[data-room="{room}"]', page.locator(f'#sidebar .row[data-room="{room}"]')
    expect(lobby.locator(entry)).to_be_visible()
    expect(row).to_be_visible()
    ada.goto(f"/chat/{room}/members/")
    ada.locator("#kind").select_option("closed")
    ada.locator("form:has(#kind) button").click()
    expect(lobby.locator(entry)).to_have_count(0)
    expect(row).to_have_count(0)
    expect(mine.locator(entry)).to_contain_text("closed room")
    say(enter(ada, room), "between us")
    expect(mine.locator(f"{entry} .last")).to_contain_text("between us")
    say(page, "to all")
    expect(lobby.locator(f'.entry[data-room="{room}-other"]')).to_contain_text("to all")
    expect(lobby.locator(entry)).to_have_count(0)
