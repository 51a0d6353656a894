"""Everything is said in the language that somebody chose, else in the browser's; what is stored and sent has none."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from chat import days
from chat.identity import Identity
from chat.models import DIRECT, Member, Room
from chat.names import direct_name
from chat.protocol import Refused
from chat.refusals import in_words
from chat.tests import posted
from conftest import HOST, ORIGIN, Open
from mysite import storage

CHINESE = {"headers": {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}}
JSON = {"accept": "application/json"}


def language_of(answer: Any) -> str:
    match = re.search(r'<html lang="([\w-]+)">', answer.content.decode())
    assert match
    return match[1]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-Hans", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("de,zh;q=0.5", "zh-hans"),
        ("en-GB,zh;q=0.9", "en"),
        ("de", "en"),
        ("*", "en"),
        ("zh;q=nonsense", "en"),
        ("zh-" + "x" * 5000, "en"),
        ("", "en"),
    ],
)
def test_a_page_is_in_the_first_language_of_the_browser_that_there_is(db: None, asked: str, given: str) -> None:
    answer = Client(headers={"accept-language": asked}).get("/chat/")
    assert language_of(answer) == given
    assert "Accept-Language" in answer["Vary"]
    assert "Cookie" in answer["Vary"]


@pytest.mark.parametrize(
    ("cookie", "given"), [("en", "en"), ("zh-hans", "zh-hans"), ("de", "zh-hans"), ("\x01", "zh-hans")]
)
def test_a_chosen_language_goes_before_the_browsers(db: None, cookie: str, given: str) -> None:
    client = Client(**CHINESE)
    client.cookies["chat_language"] = cookie
    assert language_of(client.get("/chat/")) == given


@pytest.mark.parametrize("path", ["/chat/", "/chat/lobby/", "/chat/lobby/?before=7", "/chat/?room=%3C&page=2"])
def test_the_switch_leads_back_to_the_same_page_and_is_remembered(db: None, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(path).content.decode()
    form = re.search(r'<form class="languages".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    fields["next"] = fields["next"].replace("&amp;", "&")
    answer = client.post("/language/", fields)
    assert (answer.status_code, answer["Location"]) == (302, path)
    cookie = answer.cookies["chat_language"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"]) == ("zh-hans", "Lax", 365 * 24 * 60 * 60)
    assert language_of(client.get(path)) == "zh-hans"
    assert ">English</button>" in client.get(path).content.decode()


def test_after_a_refused_form_the_switch_leads_to_the_room(db: None) -> None:
    page = Client().post("/chat/lobby/messages/", {"message": " "}).content.decode()
    assert '<input type="hidden" name="next" value="/chat/lobby/">' in page


@pytest.mark.parametrize("next_", ["https://example.com/", "//example.com", "javascript:alert(1)", "", "\x00"])
def test_the_switch_leads_to_no_other_site(next_: str) -> None:
    answer = Client().post("/language/", {"language": "en", "next": next_})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("language", ["", "de", "zh", "../en", "x" * 5000])
def test_an_unknown_language_is_refused(language: str) -> None:
    answer = Client().post("/language/", {"language": language, "next": "/chat/"})
    assert (answer.status_code, answer.content) == (400, b"language: one of en, zh-hans.")
    assert "chat_language" not in answer.cookies


def test_a_language_is_set_by_post_alone() -> None:
    assert Client().get("/language/?language=zh-hans").status_code == 405


def test_the_admin_and_the_classroom_are_in_english(staff: Client) -> None:
    for path in ("/admin/", "/learn/"):
        page = staff.get(path).content.decode()
        assert 'lang="en' in page
        assert "jsi18n" not in page


def test_modules_get_their_words_under_an_address_that_is_kept_for_ever(db: None) -> None:
    page = Client(**CHINESE).get("/chat/lobby/").content.decode()
    script = re.search(r'<script src="(/jsi18n/zh-hans/\w+/)" defer></script>', page)
    assert script
    assert page.index(script[0]) < page.index('type="module"')
    answer = Client().get(script[1])
    assert answer["Cache-Control"] == storage.FOREVER
    assert answer["Content-Type"].startswith("text/javascript")
    assert '"Saved.": "\\u5df2' in answer.content.decode()
    other = Client().get("/jsi18n/zh-hans/0123456789ab/")
    assert (other.status_code, other["Cache-Control"]) == (200, "private, no-store")
    assert Client().get("/jsi18n/de/0123456789ab/").status_code == 404
    assert "/jsi18n/" not in Client().get("/chat/lobby/").content.decode()


def test_the_manifest_is_in_the_language_of_the_page_that_names_it(db: None) -> None:
    client = Client(**CHINESE)
    named = re.search(r'rel="manifest" href="([^"]+)"', client.get("/chat/").content.decode())
    assert named
    assert Client().get(named[1]).json()["name"] == "聊天"  # browsers ask for it without cookies
    assert client.get("/manifest.webmanifest?language=en").json()["lang"] == "en"
    assert "Accept-Language" in Client().get("/manifest.webmanifest?language=nonsense")["Vary"]


def test_errors_are_in_the_language_of_who_gets_them(db: None) -> None:
    client = Client(**CHINESE, enforce_csrf_checks=True)
    assert "这个地址什么也没有" in client.get("/chat/a.b/").content.decode()
    stale = client.post("/chat/lobby/messages/", {"message": "x"})
    assert (stale.status_code, "表单已过期" in stale.content.decode()) == (403, True)
    bad = client.get("/chat/?room=%3C")
    assert (bad.status_code, "房间名里不能有 &#x27;&lt;&#x27;" in bad.content.decode()) == (400, True)


def test_a_failure_is_told_in_the_language_of_who_meets_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("as planted")

    monkeypatch.setattr("chat.pages.recent_rooms", fail)
    client = Client(**CHINESE, raise_request_exception=False)
    answer = client.get("/chat/")
    assert (answer.status_code, language_of(answer)) == (500, "zh-hans")
    assert "出错了" in answer.content.decode()


def test_a_database_that_does_not_answer_is_told_in_it_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fail(*args: Any) -> None:
        raise OperationalError("as planted")

    monkeypatch.setattr("chat.pages.recent_rooms", fail)
    answer = Client(**CHINESE).get("/chat/")
    assert (answer.status_code, "数据库暂时没有响应" in answer.content.decode()) == (503, True)


def test_a_refusal_is_said_on_the_page_and_stays_english_in_json(db: None) -> None:
    client = Client(**CHINESE)
    assert "消息里没有可见的内容。" in client.post("/chat/lobby/messages/", {"message": " "}).content.decode()
    refused = client.post("/chat/lobby/messages/", {"message": " "}, headers=JSON).json()
    assert refused["detail"] == "There is nothing to be seen in this message."


WRONG = [{"username": name} for name in ("Ada", "ada", "a/b", "", "x" * 33, "x" * 600, "\u200b", "\u0301Ada")]
WRONG += [{"username": "a\u0316\u0317\u0318\u0319\u031c"}, {"password1": "short"}, {"password1": ""}]


@pytest.mark.parametrize("wrong", WRONG, ids=ascii)
def test_what_is_wrong_with_a_new_account_is_said_in_chinese(transactional_db: None, wrong: dict[str, str]) -> None:
    User.objects.create_user("Ada")
    form = {"username": "Bob", "password1": "a long enough password"} | wrong
    page = Client(**CHINESE).post("/accounts/signup/", form).content.decode()
    alerts = re.findall(r'role="alert">(.*?)</', page)
    assert alerts
    assert not re.search("[A-Za-z]{2}", "".join(alerts)), alerts


def test_what_is_wrong_with_a_name_stays_english_in_json(transactional_db: None) -> None:
    refused = Client(**CHINESE).post("/chat/lobby/name/", {"name": "x" * 33}, headers=JSON).json()
    assert refused["detail"] == "A name has at most 32 characters."


def test_a_refusal_is_said_by_its_reason_else_its_code_else_as_it_is() -> None:
    slow = Refused("rate_limited", "Slow.", retry_after=2.4, reason="slow_mode")
    assert in_words(slow) == "Slow."
    with override("zh-hans"):
        assert in_words(slow) == "这个房间开启了慢速模式，请 3 秒后再发。"
        assert in_words(Refused("forbidden", "No.", reason="of_tomorrow")) == "你没有权限这样做。"
        assert in_words(Refused("of_tomorrow", "No.")) == "No."


def test_pages_that_are_kept_are_kept_for_each_language(transactional_db: None, ada: Identity) -> None:
    for number in range(52):
        posted.say(author=ada, text=f"message {number}")
    for client, words in [(Client(), ("Today", "Older messages")), (Client(**CHINESE), ("今天", "更早的消息"))] * 2:
        page = client.get("/chat/lobby/").content.decode()
        assert [word for word in words if f">{word}</" not in page] == []


def test_days_are_named_as_people_write_them() -> None:
    today = date(2026, 11, 30)
    with override("zh-hans"):
        assert days.named(today, today) == "今天"
        assert days.named(date(2026, 11, 29), today) == "昨天"
        assert days.named(date(2026, 3, 2), today) == "3月2日星期一"
        assert days.named(date(2025, 3, 2), today) == "2025年3月2日星期日"


def test_the_list_of_ones_rooms_is_in_the_language_of_who_asks_though_its_rows_are_kept(transactional_db: None) -> None:
    ada, bob = (User.objects.create_user(name) for name in ("ada", "bob"))
    name = direct_name([ada.pk, bob.pk])
    room = Room.objects.create(name=name, kind=DIRECT, seq=1, active_at=timezone.now())
    Member.objects.create(room=room, person=ada)
    for client, heading in [(Client(), "Direct"), (Client(**CHINESE), "私聊")] * 2:
        client.force_login(ada)
        assert f"<h2>{heading}\n" in client.get("/rooms/?room=lobby").content.decode()


def test_a_room_that_cannot_be_made_says_why_in_chinese_on_the_page_alone(transactional_db: None) -> None:
    client, form = Client(**CHINESE), {"name": "a.b", "kind": "open"}
    client.force_login(User.objects.create_user("ada"))
    page = client.post(reverse("new_room"), form).content.decode()
    assert "房间名不可用" in page
    assert "neither a letter" in client.post(reverse("new_room"), form, headers=JSON).json()["detail"]


@pytest.fixture
def staff(transactional_db: None) -> Client:
    client = Client(**CHINESE)
    client.force_login(User.objects.create_superuser("grace"))
    return client


def test_the_staffs_page_is_in_chinese_with_what_was_done(staff: Client) -> None:
    assert "没有举报" in staff.get("/moderation/").content.decode()
    assert "请填写用户 ID" in staff.post("/moderation/ban/", {"whom": "nobody"}).content.decode()


async def test_two_tabs_in_two_languages_receive_the_same_frames(opened: Open, web: httpx.AsyncClient) -> None:
    chinese = (ORIGIN, HOST, (b"accept-language", b"zh-CN"), (b"cookie", b"chat_language=zh-hans"))
    one, other = await opened(), await opened(headers=chinese)
    for tab in (one, other):
        await tab.receive_type("hello")
    form = {"message": "hello", "client_id": str(uuid4())}
    headers = {"accept-language": "zh-CN", "accept": "application/json"}
    said = (await web.post("/chat/lobby/messages/", data=form, headers=headers)).json()
    await web.post(f"/chat/lobby/messages/{said['id']}/", data={"message": "hello!"}, headers=headers)
    for seq in (1, 2):
        frames = [await tab.receive_type("message") for tab in (one, other)]
        assert frames[0] == frames[1]
        assert frames[0]["seq"] == seq
    client_id = str(uuid4())
    assert await one.say(" ", client_id) == await other.say(" ", client_id)
    polls = [
        (await web.get("/chat/lobby/poll/?after=0", headers={"accept-language": language})).json()["events"]
        for language in ("en", "zh-CN")
    ]
    assert polls[0] == polls[1]
