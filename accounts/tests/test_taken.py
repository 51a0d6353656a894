"""Which names are accounts' is asked once, and known for a moment."""

import pytest

from accounts import taken
from accounts.models import User
from accounts.taken import accounts_among, is_taken
from chat.identity import Identity, names_now, stranger

pytestmark = pytest.mark.django_db

NAMES = {"Ada", "аda", "Bob"}


def test_names_that_are_or_look_like_accounts_are_found_in_one_query(django_assert_num_queries: object) -> None:
    User.objects.create_user("ada")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert accounts_among(NAMES) == {"Ada", "аda"}
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert accounts_among(NAMES) == {"Ada", "аda"}
        assert accounts_among([]) == set()


def test_an_answer_is_forgotten_with_the_next_name_that_an_account_takes_here() -> None:
    assert accounts_among(NAMES) == set()
    User.objects.create_user("bob")
    assert accounts_among(NAMES) == {"Bob"}


def test_an_answer_is_forgotten_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(taken, "monotonic", lambda: now[0])
    assert accounts_among(NAMES) == set()
    User.objects.create_user("bob")
    taken._answers["Bob"] = (100.0 + taken.LIFE, False)  # as in a process that did not make the account
    assert accounts_among(NAMES) == set()
    assert is_taken("Bob"), "who takes a name asks anew"
    now[0] += taken.LIFE + 0.001
    assert accounts_among(NAMES) == {"Bob"}


def test_no_number_of_names_fills_the_memory() -> None:
    for number in range(3 * taken.REMEMBERED_MAX // 500):
        accounts_among(f"guest {number} {each}" for each in range(500))
    assert len(taken._answers) <= taken.REMEMBERED_MAX


def test_who_chose_no_name_asks_nothing(django_assert_num_queries: object) -> None:
    people = [stranger(), stranger()]
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert names_now(people) == {person.id: person.name for person in people}


def test_somebody_from_elsewhere_who_is_called_like_an_account_is_anonymous() -> None:
    User.objects.create_user("ada")
    assert names_now([Identity("telegram-12-3fa85f64", "Ada")]) == {"telegram-12-3fa85f64": "Anonymous-3fa8"}
