"""A reply names a message of its room, and shows it as it is when it is shown."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat import log, pages
from chat.events import Event
from chat.identity import Identity
from chat.members import acts
from chat.models import CLOSED, Message, Room
from chat.posting import Accepted, commit
from chat.protocol import Refused
from chat.reactions.verb import React
from chat.replies.quotes import QUOTED_MAX
from chat.replies.verb import Reply
from chat.tests.posted import delete, edit, posted, say
from chat.unread import numbers
from chat.verbs import Say
from conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)


def reply(author: Identity, to: int, text: str = "yes") -> Accepted:
    return posted(Reply("lobby", author, text, reply_to=to))


def replayed(after: int = 0) -> list[Event]:
    part = log.part_after("lobby", after)
    assert part.frame
    return part.frame.events


def test_a_reply_carries_the_message_that_it_answers(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="shall we?")
    reply(bob, 1)
    assert replayed(1)[0]["reply_to"] == {"id": 1, "author": ada.public(), "text": "shall we?", "line": "shall we?"}
    assert Message.objects.get(seq=2).parts == '{"reply_to": 1}'


def test_the_stored_article_has_an_empty_quote_and_no_text_of_another_message(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="shall we?")
    reply(bob, 1)
    html = Message.objects.get(seq=2).html
    assert '<a class="quote" href="?at=1#m1" data-reply-to="1"></a>' in html
    assert "shall we" not in html


def test_it_says_what_the_message_says_by_now(ada: Identity, bob: Identity) -> None:
    say(author=ada, text="shall we?")
    reply(bob, 1)
    edit(author=ada, id=1, text="let us go")
    assert replayed(1)[0]["reply_to"]["text"] == "let us go"
    assert "let us go</span></a>" in pages.newest(Room.objects.get()).html
    delete(author=ada, id=1)
    assert (replayed(1)[0]["reply_to"]["text"], replayed(1)[0]["reply_to"]["line"]) == (None, None)
    page = pages.newest(Room.objects.get()).html
    assert "let us go" not in page
    assert "This message was deleted" in page


def test_a_page_quotes_in_plain_text_and_asks_for_all_quoted_at_once(
    ada: Identity, django_assert_num_queries: object
) -> None:
    for text in ("<b>&amp; **loud**\n\n- `code`", "second"):
        say(author=ada, text=text)
    for to in (1, 2, 1):
        reply(ada, to)
    room = Room.objects.get()
    with django_assert_num_queries(2):  # type: ignore[operator] # messages, quoted ones
        page = pages.newest(room).html
    assert page.count('<span class="cut" dir="auto">&lt;b&gt;&amp;amp; loud code</span></a>') == 2
    assert replayed(2)[0]["reply_to"]["line"] == "<b>&amp; loud code"
    assert replayed(2)[0]["reply_to"]["text"] == "<b>&amp; **loud**\n\n- `code`", "clients get what was typed"


def test_a_message_without_a_reply_asks_for_nothing(ada: Identity, django_assert_num_queries: object) -> None:
    say(author=ada, text="one")
    room = Room.objects.get()
    with django_assert_num_queries(1):  # type: ignore[operator]
        pages.newest(room)
    with django_assert_num_queries(1):  # type: ignore[operator]
        replayed()


def test_only_the_beginning_of_a_long_message_is_quoted(ada: Identity) -> None:
    say(author=ada, text="x" * 4000)
    reply(ada, 1)
    assert replayed(1)[0]["reply_to"]["text"] == "x" * QUOTED_MAX


def test_there_is_no_reply_to_what_is_not_in_the_room(ada: Identity) -> None:
    say(author=ada, text="elsewhere", room="den")
    say(author=ada, text="here")
    with pytest.raises(Refused, match="no message"):
        reply(ada, 7)
    assert Room.objects.get(name="lobby").seq == 1


def test_one_can_answer_a_message_of_the_same_batch(ada: Identity) -> None:
    verdicts, _ = commit([Say("lobby", ada, "one", uuid4()), Reply("lobby", ada, "two", uuid4(), reply_to=1)])
    assert [type(each) for each in verdicts] == [Accepted, Accepted]


def test_a_repeat_of_a_reply_is_stored_once_and_an_edit_keeps_what_it_answers(ada: Identity) -> None:
    say(author=ada, text="one")
    client_id = uuid4()
    for _ in range(2):
        posted(Reply("lobby", ada, "two", client_id, reply_to=1))
    assert Message.objects.count() == 2
    edit(author=ada, id=2, text="two!")
    assert replayed(1)[0]["reply_to"]["id"] == 1


async def test_everybody_hears_of_a_reply_with_what_it_answers(opened: Open) -> None:
    ada, bob = await opened(), await opened()
    await ada.say("shall we?")
    await bob.receive_type("message")
    await bob.send(message="yes", client_id=str(uuid4()), reply_to=1)
    event = await ada.receive_type("message")
    while event["id"] == 1:
        event = await ada.receive_type("message")
    assert event["reply_to"]["text"] == "shall we?"


@pytest.mark.parametrize("wrong", ["1", 0, -1, 1.5, True, 10**18])
async def test_a_reply_to_what_is_no_number_is_a_bad_frame(opened: Open, wrong: object) -> None:
    ada = await opened()
    await ada.send(message="yes", client_id=str(uuid4()), reply_to=wrong)
    assert (await ada.receive_type("error"))["code"] == "bad_frame"


def test_a_form_answers_too(client: Client, ada: Identity) -> None:
    say(author=ada, text="shall we?")
    answer = client.post(
        "/chat/lobby/messages/", {"message": "yes", "reply_to": "1"}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 201
    assert answer.json()["reply_to"]["text"] == "shall we?"
    source = client.get("/chat/lobby/messages/2/").json()
    assert (source["text"], source["reply_to"]["id"]) == ("yes", 1)


def account(name: str) -> Identity:
    user = User.objects.create_user(name)
    return Identity(f"user-{user.pk}", name, ticket=Ticket("", user.pk, ""))


def mentioned(person: Identity) -> tuple[int, int]:
    """Unread in all rooms, and how much of it means them."""
    assert person.ticket
    found = numbers.of_people([person.ticket.user], [])
    return sum(each.unread for each in found), sum(each.mentions for each in found)


def test_a_reply_counts_as_a_mention_of_whom_it_answers() -> None:
    grace, ada = account("Grace"), account("Ada")
    say(author=grace, text="shall we?")
    reply(ada, 1)
    say(author=ada, text="nothing for anybody")
    assert replayed(1)[0]["mentions"] == [grace.id]
    assert mentioned(grace) == (2, 1)
    client = Client()
    client.force_login(User.objects.get(username="Grace"))
    page = client.get("/inbox/").content.decode()
    assert "yes" in page
    assert "nothing for anybody" not in page


def test_it_means_nobody_twice_and_not_oneself_and_no_guest(bob: Identity) -> None:
    grace, ada = account("Grace"), account("Ada")
    say(author=grace, text="shall we?")
    reply(ada, 1, "@Grace yes")
    assert replayed(1)[0]["mentions"] == [grace.id]
    assert mentioned(grace) == (1, 1)
    for author, to in ((grace, 1), (bob, 1), (ada, 4)):
        reply(author, to)
    assert [event.get("mentions") for event in replayed(2)] == [None, [grace.id], None], "her own, and a guest's"


def test_an_edit_and_a_reaction_keep_it_and_a_deletion_takes_it_back() -> None:
    grace, ada = account("Grace"), account("Ada")
    say(author=grace, text="shall we?")
    reply(ada, 1)
    posted(React("lobby", grace, 2, "👍", True))
    edit(author=ada, id=2, text="yes, @Ada")
    assert replayed(3)[0]["mentions"] == [ada.id, grace.id]
    assert mentioned(grace) == (1, 1)
    delete(author=ada, id=2)
    assert mentioned(grace) == (0, 0)


def test_in_a_closed_room_it_means_nobody_who_has_left() -> None:
    grace, ada = account("Grace"), account("Ada")
    acts.make(by=ada, name="vault", kind=CLOSED, topic="")
    acts.add(by=ada, room="vault", name="Grace")
    say(author=grace, text="shall we?", room="vault")
    acts.remove(by=ada, room="vault", name="Grace")
    posted(Reply("vault", ada, "no", reply_to=1))
    assert Message.objects.get(seq=2).parts == '{"reply_to": 1}'
