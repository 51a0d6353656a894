"""The article of a message is made once: as the template says, in no language, and the same wherever it is shown."""

import io
import re
import threading
from datetime import UTC, timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from accounts.display_names import initial
from chat import log, markdown, markup, pages
from chat.identity import Identity
from chat.management.commands import rerender
from chat.models import Message, Room
from chat.posting import commit
from chat.tests.posted import delete, edit, say
from chat.verbs import Say

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    "Ada",
    "<b>&\"'",
    "عائشة",
    "Ab\u202egnol",
    "\ue000body\ue001",
    "\ue000",
    "\ue001id\ue000",
    "{{ body }}",
    "x" * 32,
]
TEXTS = [
    "hello",
    "<script>alert(1)</script> & \"both\" 'quotes'",
    "مرحبا بالعالم",
    "\ue000id\ue001 \ue000author_name\ue001",
    "\ue000\ue000body\ue001\ue001",
    "{{ id }} {% if edited_at %}",
    "one\ntwo\n\n\tthree",
    "see https://example.com/?a=1&b='2'",
    "&amp; &#x27; \u2028 😀",
    "🫖🎉",
]


def by_the_engine(message: Message) -> str:
    values = {
        "id": message.seq, "author_id": message.author_id, "author_name": message.author_name,
        "disc": markup.disc(message.author_id), "initial": initial(message.author_name),
        "size": markup.size(message.text),
        "sent_at": message.sent_at.isoformat(),
        "body": mark_safe(markdown.rendered(message.text, 32_000)),
        "edited_at": message.edited_at and message.edited_at.isoformat(),
    }  # fmt: skip
    return render_to_string("chat/_message.html", values)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_what_is_stored_is_what_the_template_engine_makes(name: str) -> None:
    author = Identity(id="guest-\"'<&>", name=name)
    for text in TEXTS:
        said = say(author=author, text=text)
        stored = Message.objects.get(seq=said.seq)
        assert stored.html == by_the_engine(stored)
        assert stored.body == markdown.rendered(text, 32_000)
    for id in (2, 3):
        edit(author=author, id=id, text=TEXTS[id] + " edited")
        stored = Message.objects.get(seq=id)
        assert stored.edited_at
        assert stored.html == by_the_engine(stored)
    assert Message.objects.exclude(rendered=markup.VERSION).count() == 0


class Texts(HTMLParser):
    """What stands between the tags, by the class of the element that it stands in; and all attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, str]] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        first_class = (dict(attrs).get("class") or tag).split()[0]
        self.open.append(first_class)
        self.attributes[first_class] = dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((self.open[-1], data))


def checked_article() -> Texts:
    """The only one that there is. But for the author and the text it has no word of any language."""
    texts = Texts(Message.objects.get().html)
    assert not texts.open, "every element is closed"
    others = [data for place, data in texts.found if place not in ("author", "disc", "p")]
    assert [data for data in others if re.search(r"[^\W\d_]", data)] == []
    assert not {"title", "aria-label", "alt"} & {name for each in texts.attributes.values() for name in each}
    return texts


def test_the_article_has_no_word_of_any_language(ada: Identity) -> None:
    say(author=ada, text="hello")
    edit(author=ada, id=1, text="good day")
    texts = checked_article()
    assert ("author", "Ada") in texts.found
    assert ("p", "good day") in texts.found


def test_a_name_and_a_text_have_the_direction_of_their_script(ada: Identity) -> None:
    say(author=ada, text="hello")
    attributes = Texts(Message.objects.get().html).attributes
    assert attributes["author"]["dir"] == attributes["text"]["dir"] == "auto"


def without_viewers_terms(page: str) -> str:
    """A page without what it adds to stored articles: days, times, and which messages continue a group."""
    page = re.sub(r'<h2 class="rule day".*?</h2>|(?<=class="message) continues', "", page)
    return re.sub(r"(<time datetime=[^>]*>)\d+:\d\d</time>", r"\1</time>", page)


def test_page_history_event_and_replay_send_the_same(client: Client, ada: Identity) -> None:
    _, (frame,) = commit([Say("lobby", ada, "hello <b>", uuid4())])
    stored = Message.objects.get().html
    part = log.part_after("lobby", 0)
    assert part.frame
    assert frame.events[0]["html"] == part.frame.events[0]["html"] == stored
    for path in ("", "history/?before=9"):
        page = client.get(f"/chat/lobby/{path}").content.decode()
        assert stored in without_viewers_terms(page)


def make_stale(**where: int) -> None:
    Message.objects.filter(**where).update(rendered=markup.VERSION - 1, html="<p>old</p>", body="old")


def test_what_another_version_stored_is_made_again_when_it_is_read(client: Client, ada: Identity) -> None:
    made = [say(author=ada, text=text).message.html for text in TEXTS]
    make_stale(seq__in=[2, 5])  # type: ignore[arg-type]
    pages._newest.cache_clear()
    for path in ("", "history/?before=99"):
        page = client.get(f"/chat/lobby/{path}").content.decode()
        assert "".join(made) in without_viewers_terms(page)
    part = log.part_after("lobby", 0)
    assert part.frame
    assert [event["html"] for event in part.frame.events] == made
    assert Message.objects.filter(rendered=markup.VERSION).count() == len(TEXTS) - 2, "reading stores nothing"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a table of ten rows as a whole in any case")
def test_what_another_version_stored_is_found_by_its_numbers_however_long_the_room_is(ada: Identity) -> None:
    for text in TEXTS:
        say(author=ada, text=text)
    make_stale()
    room = Room.objects.get()
    with CaptureQueriesContext(connection) as asked:
        pages.of(room, pages.Place(before=9), UTC)
    again = next(each["sql"] for each in asked if " IN (" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {again}")
        assert "seq=?" in cursor.fetchone()[-1]


def rendered_again() -> str:
    said = io.StringIO()
    call_command("rerender", stdout=said)
    return said.getvalue()


def test_rerender_makes_again_what_another_version_made_and_nothing_else(
    ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerender, "BATCH", 3)
    made = [say(author=ada, text=text).message.html for text in TEXTS]
    delete(author=ada, id=1)
    Message.objects.filter(seq=4).update(html="left alone")
    make_stale(seq__in=[1, 2, 3, 5, 6, 7, 8])  # type: ignore[arg-type]
    assert rendered_again() == "7 messages rendered.\n"
    stored = list(Message.objects.order_by("seq").values_list("html", flat=True))
    assert stored == ["", made[1], made[2], "left alone", *made[4:]]
    assert set(Message.objects.values_list("body", flat=True)) == {
        "",
        *(markdown.rendered(text, 32_000) for text in TEXTS[1:]),
    }
    assert rendered_again() == "0 messages rendered.\n"


def test_rerender_leaves_a_message_alone_that_is_edited_meanwhile(
    ada: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(author=ada, text="one"), say(author=ada, text="two")
    make_stale()
    render = markup.render

    def edited_meanwhile(message: Message) -> Message:
        """By somebody else, after the command has read it."""
        if message.seq == 1:

            def somebody() -> None:
                edit(author=ada, id=1, text="edited")
                connection.close()

            thread = threading.Thread(target=somebody)
            thread.start()
            thread.join()
        return render(message)

    monkeypatch.setattr(markup, "render", edited_meanwhile)
    assert rendered_again() == "1 messages rendered.\n"
    first, second = Message.objects.order_by("seq")
    assert (first.text, first.body, first.html) == ("edited", "<p>edited</p>", by_the_engine(first))
    assert second.html == by_the_engine(second)


def test_the_newest_page_is_true_after_each_change_and_is_read_once(
    ada: Identity, django_assert_num_queries: object
) -> None:
    def newest() -> str:
        return pages.newest(Room.objects.get(name="lobby")).html

    seen = [newest() for _ in [say(author=ada, text="one")]]
    for change in (
        lambda: say(author=ada, text="two"),
        lambda: edit(author=ada, id=1, text="uno"),
        lambda: delete(author=ada, id=2),
    ):
        change()
        seen.append(newest())
        with django_assert_num_queries(1):  # type: ignore[operator] # the room
            assert newest() == seen[-1]
    assert len(set(seen)) == 4
    assert "uno" in seen[-1]
    assert "two" not in seen[-1]


def test_the_newest_page_is_no_other_rooms_and_none_of_a_room_that_was_made_again(ada: Identity) -> None:
    for room in ("lobby", "den"):
        say(author=ada, text=f"in the {room}", room=room)
    lobby, den = (pages.newest(Room.objects.get(name=name)).html for name in ("lobby", "den"))
    assert "in the den" in den
    assert "in the den" not in lobby
    old = Room.objects.get(name="lobby")
    Message.objects.filter(room=old).delete()
    Room.objects.filter(pk=old.pk).update(seq=0, said=0, active_at=old.active_at - timedelta(days=1))
    say(author=ada, text="after a restore")
    new = Room.objects.get(name="lobby")
    assert (new.pk, new.seq) == (old.pk, old.seq), "else this shows nothing"
    assert "after a restore" in pages.newest(new).html


def test_the_blank_of_a_message_being_sent_has_the_shape_of_an_article_and_nothing_in_it(ada: Identity) -> None:
    said = say(author=ada, text="hello")
    shape = re.sub(r">[^<\s][^<]*<", "><", re.sub(r'="[^"]*"', "", said.message.html))
    assert re.sub(r'="[^"]*"', "", markup.blank()) == shape.replace("<p></p>", "")
    assert not re.search("[\ue000\ue001]", markup.blank())
