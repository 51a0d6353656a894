"""The pages, and saying something without a socket."""

import re
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from accounts.models import Guest
from chat.identity import Identity
from chat.models import Message, Room
from chat.tests import posted
from chat.verbs import Say

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"headers": {"accept": "application/json"}}


def fill(ada: Identity, count: int) -> None:
    posted.carry_out([Say("lobby", ada, f"message {n}", uuid4()) for n in range(1, count + 1)])


def test_the_root_leads_to_the_lobby(client: Client) -> None:
    assert client.get("/")["Location"] == "/chat/"


def test_the_lobby_lists_rooms_the_most_recently_active_first(client: Client, ada: Identity) -> None:
    for room in ("old", "young"):
        posted.say(room=room, author=ada, text="hello", client_id=uuid4())
    page = client.get("/chat/").content.decode()
    assert page.index(">young<") < page.index(">old<")


def test_a_name_typed_in_the_lobby_leads_to_its_room(client: Client) -> None:
    assert client.get("/chat/", {"room": " Team Room "})["Location"] == "/chat/team-room/"


def test_a_name_that_is_none_is_explained_and_kept(client: Client) -> None:
    answer = client.get("/chat/", {"room": "<b>"})
    assert answer.status_code == 400
    assert 'value="&lt;b&gt;"' in answer.content.decode()


def test_another_spelling_leads_to_the_canonical_one(client: Client) -> None:
    assert client.get("/chat/Lobby/?before=3")["Location"] == "/chat/lobby/?before=3"
    assert client.get("/chat/学习/").status_code == 200


@pytest.mark.parametrize("path", ["/chat/a.b/", "/chat/admin/", "/chat/%20/", f"/chat/{'a' * 65}/"])
def test_what_is_no_name_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_looking_at_a_room_stores_nothing(client: Client) -> None:
    assert client.get("/chat/lobby/").status_code == 200
    assert not Room.objects.exists()
    assert not Guest.objects.exists()


def test_a_room_opens_with_its_last_50_messages_and_a_way_to_older_ones(client: Client, ada: Identity) -> None:
    fill(ada, 120)
    page = client.get("/chat/lobby/").content.decode()
    assert re.findall(r'id="m(\d+)"', page) == [str(n) for n in range(71, 121)]
    assert "/chat/lobby/history/?before=71" in page


def test_history_is_paged_until_its_beginning(client: Client, ada: Identity) -> None:
    fill(ada, 120)
    older = client.get("/chat/lobby/history/?before=71").content.decode()
    assert re.findall(r'id="m(\d+)"', older) == [str(n) for n in range(21, 71)]
    assert "?before=21" in older
    assert "history" not in client.get("/chat/lobby/history/?before=21").content.decode()
    assert client.get("/chat/lobby/history/?before=x").status_code == 400


def test_a_plain_form_says_something_and_returns_to_the_room(client: Client) -> None:
    answer = client.post("/chat/lobby/messages/", {"message": "hello\r\nworld"})
    assert (answer.status_code, answer["Location"]) == (302, "/chat/lobby/")
    assert Message.objects.get().text == "hello\nworld"


def test_a_plain_form_that_is_refused_keeps_what_was_typed(client: Client) -> None:
    answer = client.post("/chat/lobby/messages/", {"message": "x" * 4001})
    assert answer.status_code == 400
    assert "x" * 4001 in answer.content.decode()
    assert "at most 4,000 characters" in answer.content.decode()


def test_a_program_gets_the_stored_event_with_201_and_for_a_repeat_with_200(client: Client) -> None:
    said = {"message": "hello", "client_id": str(uuid4())}
    first, repeat = (client.post("/chat/lobby/messages/", said, **JSON) for _ in range(2))
    assert (first.status_code, repeat.status_code) == (201, 200)
    assert first.json() == repeat.json()
    assert first.json()["type"] == "message"
    conflict = client.post("/chat/lobby/messages/", said | {"message": "other"}, **JSON)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("message", "client_id", "code"),
    [
        ("", None, "empty"),
        ("a\x00", None, "bad_frame"),
        ("x" * 4001, None, "too_long"),
        ("x", "1", "bad_frame"),
        (None, None, "bad_frame"),
    ],
)
def test_a_program_is_told_what_is_wrong(client: Client, message: str | None, client_id: str | None, code: str) -> None:
    fields = {"message": message, "client_id": client_id or str(uuid4())}
    answer = client.post("/chat/lobby/messages/", {k: v for k, v in fields.items() if v is not None}, **JSON)
    assert (answer.status_code, answer.json()["type"], answer.json()["code"]) == (400, "error", code)


def test_htmx_gets_the_message_as_html(client: Client) -> None:
    answer = client.post("/chat/lobby/messages/", {"message": "hello"}, headers={"hx-request": "true"})
    assert answer.content.decode().strip().startswith('<article class="message')


@override_settings(CHAT_RATE_LIMIT=(1, 10.0))
def test_too_many_messages_are_refused_with_429_and_a_time(client: Client) -> None:
    client.get("/chat/lobby/")
    answers = [client.post("/chat/lobby/messages/", {"message": "x"}, **JSON) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]
    assert 9 <= int(answers[1]["Retry-After"]) <= 11


def test_a_post_without_a_csrf_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/chat/lobby/messages/", {"message": "x"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_plain_form_without_a_csrf_token_gets_its_text_back_in_one_that_can_be_sent() -> None:
    client, client_id = Client(enforce_csrf_checks=True), str(uuid4())
    path, typed = "/chat/lobby/messages/", {"message": "x < y", "client_id": client_id}
    answer = client.post(path, typed)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f'value="{client_id}"' in page
    assert ">x &lt; y</textarea>" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    assert client.post(path, typed | {"csrfmiddlewaretoken": token[1]}).status_code == 302
    assert Message.objects.get().text == "x < y"


def test_a_signed_in_user_speaks_under_the_accounts_name(client: Client, django_user_model: object) -> None:
    client.force_login(django_user_model.objects.create_user("grace"))
    client.post("/chat/lobby/messages/", {"message": "hello"})
    assert Message.objects.get().author_name == "grace"


def test_addresses_are_links_and_all_else_is_text(client: Client) -> None:
    client.post("/chat/lobby/messages/", {"message": 'https://example.com/?a=1&b=2 <img src=x onerror="x">'})
    page = client.get("/chat/lobby/").content.decode()
    assert '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="nofollow noopener noreferrer">' in page
    assert "<img" not in page


def test_alive_and_ready_are_told(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


@override_settings(REDIS_URLS=["redis://127.0.0.1:1"])
def test_not_ready_names_what_fails(client: Client, settings: object) -> None:
    hosts = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": ["redis://127.0.0.1:1"]}}
    with override_settings(CHANNEL_LAYERS={"default": hosts}):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["redis"])


def test_no_page_has_a_script_or_a_style_of_its_own(client: Client, ada: Identity) -> None:
    fill(ada, 3)
    for path in ("/chat/", "/chat/lobby/", "/chat/a.b/"):
        answer = client.get(path)
        assert "'unsafe" not in answer["Content-Security-Policy"]
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)


def said(client: Client, text: str) -> int:
    return client.post("/chat/lobby/messages/", {"message": text}, **JSON).json()["id"]


def test_ones_own_message_can_be_edited_and_deleted(client: Client) -> None:
    client.get("/chat/lobby/")
    id = said(client, "hello")
    edited = client.post(f"/chat/lobby/messages/{id}/", {"message": "good day"}, **JSON).json()
    assert (edited["id"], edited["seq"], edited["text"]) == (1, 2, "good day")
    assert client.post(f"/chat/lobby/messages/{id}/delete/", **JSON).json() == {"type": "deleted", "seq": 3, "id": 1}
    assert "good day" not in client.get("/chat/lobby/").content.decode()


def test_somebody_elses_message_cannot_be_changed(client: Client) -> None:
    id = said(client, "hello")
    for path, fields in ((f"{id}/", {"message": "changed"}), (f"{id}/delete/", {}), ("99/delete/", {})):
        answer = Client().post(f"/chat/lobby/messages/{path}", fields, **JSON)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert Message.objects.get().text == "hello"


def test_a_database_that_does_not_answer_is_said_so_with_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*arguments: object, **options: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("chat.pages.listed", down)
    answer = client.get("/chat/lobby/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert client.get("/chat/lobby/", **JSON).json()["code"] == "unavailable"


def test_the_admin_opens(client: Client, admin_user: object) -> None:
    assert client.get("/admin/login/", follow=True).status_code == 200
    client.force_login(admin_user)
    said(client, "hello")
    for page in ("chat/room", "chat/message", "chat/member", "accounts/guest", "accounts/user", "accounts/invitation"):
        assert client.get(f"/admin/{page}/").status_code == 200


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "unicode_escape"])
def test_a_form_in_another_encoding_is_refused(client: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.post("/chat/lobby/messages/", "message=hello", content_type=kind).status_code == 400


def test_all_rooms_are_listed_page_by_page(client: Client, ada: Identity) -> None:
    posted.carry_out([Say(f"room-{n}", ada, "hello", uuid4()) for n in range(60)])
    pages = client.get("/chat/").content.decode() + client.get("/chat/?page=2").content.decode()
    assert all(f"/chat/room-{n}/" in pages for n in range(60))


def test_a_form_that_was_refused_is_known_as_the_same_message_when_it_is_sent_again(client: Client) -> None:
    client_id = str(uuid4())
    answer = client.post("/chat/lobby/messages/", {"message": "x" * 4001, "client_id": client_id})
    assert f'value="{client_id}"' in answer.content.decode()


def test_a_form_in_conflict_comes_back_as_another_message_and_can_be_sent(client: Client) -> None:
    path, client_id = "/chat/lobby/messages/", str(uuid4())
    client.post(path, {"message": "one", "client_id": client_id})
    answer = client.post(path, {"message": "two", "client_id": client_id})
    assert answer.status_code == 409
    another = re.search(r'name="client_id" value="([^"]+)"', answer.content.decode())
    assert another
    assert another[1] != client_id
    assert client.post(path, {"message": "two", "client_id": another[1]}).status_code == 302
