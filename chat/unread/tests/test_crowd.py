"""A second's news for a crowd costs one frame for all who are told the same."""

from accounts.sessions import Ticket
from chat.identity import Identity
from chat.subscriber import Subscriber
from chat.tests.test_feed import Reader
from chat.unread.news import News, encoded
from chat.unread.numbers import Number


def tab(person: int) -> Subscriber:
    return Reader(Identity(f"user-{person}", "", ticket=Ticket("", person, ""))).subscriber


def number(person: int, unread: int) -> Number:
    return Number(person, "hall", unread, 0, 7, 0)


def test_people_to_whom_the_same_is_unread_get_the_same_frame_and_others_another() -> None:
    changes = {person: [number(person, unread)] for person, unread in ((1, 5), (2, 5), (3, 6))}
    news = News([], set(), [], encoded(changes) | encoded({4: [number(4, 5)]}, all=True))
    first, second, third, fourth = [news.to(tab(person)) for person in (1, 2, 3, 4)]
    assert first is second
    assert len({frame.text for frame in (first, third, fourth) if frame}) == 3
    assert news.to(tab(5)) is None
