"""Whom the form for a direct room means."""

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Room
from chat.names import direct_name

pytestmark = pytest.mark.django_db(transaction=True)  # the names are looked up in threads

JSON = {"accept": "application/json"}


@pytest.fixture
def people() -> dict[str, User]:
    return {name: User.objects.create_user(name) for name in ("Ada", "Bob", "Grace Hopper", "Comma, Jr.")}


def leads_to(people: dict[str, User], *names: str) -> str:
    return direct_name([people[name].pk for name in ("Ada", *names)])


def asked(people: dict[str, User], *names: str) -> tuple[int, dict[str, str]]:
    client = Client()
    client.force_login(people["Ada"])
    answer = client.post("/rooms/new/", {"kind": "direct", "with": names}, headers=JSON)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "names",
    [
        ("Bob, Grace Hopper",),
        ("Bob", "Grace Hopper"),
        (" @bob，grace hopper、 ",),
        ("Bob;\nGrace Hopper,,",),
        ("Bob, Ada, Grace Hopper, Bob",),
    ],
)
def test_names_stand_in_one_field_with_commas_between_them_or_each_in_its_own(
    people: dict[str, User], names: tuple[str, ...]
) -> None:
    assert asked(people, *names) == (201, {"room": leads_to(people, "Bob", "Grace Hopper")})
    assert not Room.objects.exists(), "it is made by the first message"


def test_a_comma_may_belong_to_a_name(people: dict[str, User]) -> None:
    assert asked(people, "Comma, Jr.") == (201, {"room": leads_to(people, "Comma, Jr.")})


def test_names_of_no_account_are_all_told(people: dict[str, User]) -> None:
    User.objects.create_user("Gone", is_active=False)
    status, answer = asked(people, "Bob, Gone, Nobody")
    assert (status, answer["reason"]) == (403, "no_such_person")
    assert answer["detail"] == "There is no account of that name: Gone, Nobody."


def test_two_to_eight_people_fit_in(people: dict[str, User]) -> None:
    names = [User.objects.create_user(f"Person {number}").username for number in range(8)]
    assert asked(people, ", ".join(names[:7]))[0] == 201
    for wrong in (", ".join(names), "Ada", ",", ""):
        assert asked(people, wrong)[1]["reason"] == "bad_people"


def test_a_guest_signs_in_first_and_comes_back() -> None:
    login = "/accounts/login/?next=/rooms/new/%3Fkind%3Ddirect"
    assert Client().get("/rooms/new/?kind=direct").headers["location"] == login
    assert Client().post("/rooms/new/", {"kind": "direct", "with": "Ada"}).headers["location"] == login
    assert Client().post("/rooms/new/", {"kind": "direct"}, headers=JSON).status_code == 403
