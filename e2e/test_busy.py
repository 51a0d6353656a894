"""A room in which much is said at once: what the page keeps, and that the reader stays where the reader is."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import NewPage, enter, say
from e2e.test_rooms import fill

LAYOUTS = """() => {
  const log = document.getElementById("chat-log")
  window.reads = 0
  for (const name of ["scrollHeight", "scrollTop"]) {
    const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, name)
    Object.defineProperty(log, name, { get() { window.reads++; return get.call(this) }, set })
  }
}"""


def test_at_the_end_about_500_messages_are_kept_and_older_ones_come_back_by_scrolling(
    visitor: NewPage, room: str
) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 700)
    expect(ada.locator("#m700")).to_be_in_viewport(timeout=40_000)
    assert 500 <= ada.locator(".message").count() <= 560
    first = ada.locator(".message").first.get_attribute("id")
    assert first
    number = int(first[1:])
    expect(ada.locator(".day")).to_have_count(1)
    ada.locator("#chat-log").evaluate("(log) => (log.scrollTop = -log.scrollHeight)")
    expect(ada.locator(f"#m{number - 1}")).to_be_attached()
    ids = ada.locator(".message").evaluate_all("(all) => all.map((each) => Number(each.id.slice(1)))")
    assert ids == list(range(ids[0], 701))


def test_a_reader_further_up_keeps_the_place_and_the_messages_while_many_arrive(visitor: NewPage, room: str) -> None:
    ada = enter(visitor(), room)
    fill(ada, room, 60)
    bob = enter(visitor(), room)
    bob.locator("#chat-log").evaluate("(log) => (log.scrollTop = -700)")
    place = bob.locator("#m35").bounding_box()
    assert place
    fill(ada, room, 600)
    expect(bob.locator("#m660")).to_be_attached(timeout=40_000)
    after = bob.locator("#m35").bounding_box()
    assert after
    assert abs(after["y"] - place["y"]) < 1
    bob.locator(".unseen").click()
    say(ada, "fresh words")
    expect(bob.get_by_text("fresh words")).to_be_in_viewport()
    expect(bob.locator("#m35")).to_have_count(0)


@pytest.mark.parametrize("up", [0, 300])
def test_what_arrives_together_is_laid_out_together(visitor: NewPage, room: str, up: int) -> None:
    ada, bob = enter(visitor(), room), enter(visitor(), room)
    fill(ada, room, 60)
    expect(bob.locator("#m60")).to_be_in_viewport()
    bob.locator("#chat-log").evaluate("(log, up) => (log.scrollTop = -up)", up)
    bob.evaluate(LAYOUTS)
    fill(ada, room, 200)
    expect(bob.locator("#m260")).to_be_attached(timeout=40_000)
    assert bob.evaluate("window.reads") < 200, "less than one for each message, however slow the machine"
