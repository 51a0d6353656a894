"""A person's page, and blocking: by a form, in a dialog or on a page of its own."""

import re

import pytest
from django.test import Client

from accounts.models import User
from accounts.sessions import Ticket
from chat.identity import Identity
from chat.members import blocks
from chat.names import direct_name
from chat.tests import posted

pytestmark = pytest.mark.django_db(transaction=True)  # pages read in threads of their own

CHINESE = {"accept-language": "zh-CN"}


@pytest.fixture(autouse=True)
def fresh() -> None:
    blocks._blocked.cache_clear()


def signed_in(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def test_a_persons_page_leads_to_the_room_of_the_two_and_blocks_without_a_script() -> None:
    ada, bob = User.objects.create_user("Ada"), User.objects.create_user("Bob Ross")
    client = signed_in(ada)
    content = client.get(f"/people/{bob.pk}/").content.decode()
    assert 'href="/chat/@Bob%20Ross/"' in content
    assert "In rooms with more people nothing changes." in content
    action = re.search(r'action="([^"]+)"', content)
    on = re.search(r'name="on" value="(\d)"', content)
    assert action
    assert on
    assert on[1] == "1"
    answer = client.post(action[1], {"on": on[1]})
    assert answer.headers["location"] == f"/chat/{direct_name([ada.pk, bob.pk])}/"
    content = client.get(f"/people/{bob.pk}/").content.decode()
    assert 'name="on" value="0"' in content
    assert "Unblock" in content


def test_the_rooms_page_asks_for_the_form_alone() -> None:
    ada, bob = User.objects.create_user("Ada"), User.objects.create_user("Bob")
    content = signed_in(ada).get(f"/people/{bob.pk}/", headers={"hx-request": "true"}).content.decode()
    assert content.startswith("<form")
    assert "Bob cannot write to you directly any more." in content


def test_a_direct_rooms_page_says_who_reads_it_and_who_is_blocked_to_that_person_alone() -> None:
    ada, bob, grace = (User.objects.create_user(name) for name in ("Ada", "Bob", "Grace"))
    two, three = direct_name([ada.pk, bob.pk]), direct_name([ada.pk, bob.pk, grace.pk])
    clients = {person: signed_in(person) for person in (ada, bob)}
    assert "Only the two of you can read this." in clients[ada].get("/chat/@Bob/").content.decode()
    assert "Only the 3 of you can read this." in clients[ada].get(f"/chat/{three}/").content.decode()
    clients[ada].post(f"/people/{bob.pk}/block/", {"on": "1"})
    assert "You have blocked them." in clients[ada].get(f"/chat/{two}/").content.decode()
    assert "Only the two of you can read this." in clients[bob].get(f"/chat/{two}/").content.decode()
    assert "You have blocked" not in clients[ada].get(f"/chat/{three}/").content.decode()
    assert "你已屏蔽对方。" in signed_in(ada, **CHINESE).get(f"/chat/{two}/").content.decode()


def test_the_members_of_a_room_lead_to_their_pages_and_a_direct_room_has_them_before_its_first_message() -> None:
    ada, bob = User.objects.create_user("Ada"), User.objects.create_user("Bob")
    client = signed_in(ada)
    content = client.get("/chat/@Bob/members/").content.decode()
    assert f'<a href="/people/{bob.pk}/"><bdi>Bob</bdi></a>' in content
    assert f"/people/{ada.pk}/" not in content
    assert re.search(r">Block<span[^>]*> Bob<", content)
    client.post(f"/people/{bob.pk}/block/", {"on": "1"})
    assert re.search(r">Unblock<span[^>]*> Bob<", client.get("/chat/@Bob/members/").content.decode())
    posted.say(author=Identity(f"user-{bob.pk}", "Bob", ticket=Ticket("", bob.pk, "")), text="hello", room="hall")
    assert f"/people/{bob.pk}/" in client.get("/chat/hall/members/").content.decode()
    assert "/people/" not in Client().get("/chat/hall/members/").content.decode(), "a guest blocks nobody"


def test_nobody_has_a_page_but_other_accounts_and_guests_sign_in_first() -> None:
    ada, gone = User.objects.create_user("Ada"), User.objects.create_user("Gone", is_active=False)
    for id in (ada.pk, gone.pk, 10**15):
        assert signed_in(ada).get(f"/people/{id}/").status_code == 404
    answer = Client().get(f"/people/{ada.pk}/")
    assert answer.headers["location"] == f"/accounts/login/?next=/people/{ada.pk}/"
