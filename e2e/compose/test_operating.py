"""What docs/operations.md tells an operator to do, done."""

import asyncio
import re
import shlex
import time
from pathlib import Path
from uuid import uuid4

import httpx

from e2e.compose.conversation import clean, talking
from e2e.compose.stack import AS_SHIPPED, BASE_URL, COMPOSE, Failed, compose, ids, run, start, stop, up
from e2e.faults.clients import MESSAGE, socket
from e2e.servers import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def documented(word: str) -> str:
    """The one command with this word in docs/operations.md."""
    (line,) = re.findall(rf"^docker compose .*{word}.*$", OPERATIONS, re.MULTILINE)
    return line.replace("docker compose", COMPOSE)


def say(room: str, text: str) -> None:
    with httpx.Client(base_url=BASE_URL) as client:
        client.get(f"/chat/{room}/")
        token = {"X-CSRFToken": client.cookies["chat_csrf"], "Accept": "application/json"}
        answer = client.post(f"/chat/{room}/messages/", data={"message": text}, headers=token)
        assert answer.status_code == 201, answer.text


def texts(room: str) -> list[str]:
    return [text for _, text in MESSAGE.findall(httpx.get(f"{BASE_URL}/chat/{room}/").text)]


async def test_replicas_restarted_one_after_the_other_cost_nobody_a_message() -> None:
    async with talking() as conversation:
        for replica in await asyncio.to_thread(ids, "web"):
            await asyncio.to_thread(stop, replica)
            await asyncio.to_thread(start, replica)
            await conversation.all_have_heard(20)
        await clean(conversation, "SIGTERM to one replica after the other")
        assert conversation.codes == {1012}


async def test_every_container_ends_within_10_seconds_whatever_is_open() -> None:
    async with (
        socket(BASE_URL, "lobby"),
        httpx.AsyncClient(base_url=BASE_URL, timeout=30) as client,
        client.stream("GET", "/chat/lobby/events/"),
    ):
        poll = asyncio.create_task(client.get("/chat/lobby/poll/?wait=25"))
        await asyncio.sleep(0)
        taken = {}
        for service in ("web", "follow", "proxy", "redis", "db"):
            for container in await asyncio.to_thread(ids, service):
                taken[service] = max(taken.get(service, 0), await asyncio.to_thread(stop, container))
        poll.cancel()
    print({service: round(seconds, 1) for service, seconds in taken.items()})
    assert max(taken.values()) < 10
    await asyncio.to_thread(up)


def test_what_was_said_survives_down_and_up() -> None:
    room = f"room-{uuid4().hex[:8]}"
    with httpx.Client(base_url=BASE_URL) as client:
        client.get(f"/chat/{room}/")
        say(room, "kept")
        compose("down")
        begun = time.monotonic()
        up()
        print(f"up again after {time.monotonic() - begun:.0f} s")
        assert texts(room) == ["kept"]
        guest = client.cookies["chat_guest"].partition(":")[0]
        client.get(f"/chat/{room}/")
        assert client.cookies["chat_guest"].partition(":")[0] == guest  # signed with the same key, so still the same


def test_what_is_said_can_be_found() -> None:
    room = f"room-{uuid4().hex[:8]}"
    say(room, "the treasure is in the attic")
    found_within(room, "treasure", 10)


def found_within(room: str, word: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while f"<mark>{word}</mark>" not in httpx.get(f"{BASE_URL}/search/", params={"q": f"{word} in:{room}"}).text:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_backup_brings_back_what_was_there(tmp_path: Path) -> None:
    room, backup = f"room-{uuid4().hex[:8]}", tmp_path / "chat.dump"
    say(room, "before the backup")
    run("sh", "-c", documented("> chat.dump").replace("chat.dump", shlex.quote(str(backup))))
    say(room, "after the backup")
    compose("stop", "web", "follow")
    run("sh", "-c", documented("pg_restore").replace("chat.dump", shlex.quote(str(backup))))
    up()
    assert texts(room) == ["before the backup"]
    say(room, "and on")
    assert texts(room) == ["before the backup", "and on"]


def test_the_first_admin_is_made_by_one_command() -> None:
    name = f"ada{uuid4().hex[:6]}"
    command = shlex.split(documented("createsuperuser").removeprefix(COMPOSE))
    compose(*command[:1], "-T", "-e", "DJANGO_SUPERUSER_PASSWORD=correct horse", *command[1:],
            "--no-input", f"--username={name}", "--email=ada@example.com")  # fmt: skip
    with httpx.Client(base_url=BASE_URL, follow_redirects=True) as client:
        token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', client.get("/admin/").text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": name, "password": "correct horse", "next": "/admin/"}
        answer = client.post("/accounts/login/", data=form, headers={"Origin": BASE_URL})
        assert "Site administration" in answer.text


def test_the_doctor_finds_nothing_within_the_stack() -> None:
    findings = compose("run", "--rm", "doctor", "--strict", **AS_SHIPPED)
    assert findings.endswith("0 to be warned of, 0 failing")


def test_the_doctor_finds_no_fault_in_the_way_through_the_proxy() -> None:
    findings = compose("run", "--rm", "doctor", "--url", "http://proxy:8080")
    assert findings.endswith(" 0 failing")
    assert "WebSocket" in findings or "websocket" in findings


def test_the_doctor_names_a_database_that_is_down() -> None:
    (database,) = ids("db")
    stop(database)
    try:
        compose("run", "--rm", "--no-deps", "doctor")
    except Failed:
        findings = run("sh", "-c", f"{COMPOSE} run --rm --no-deps doctor; true")
        assert "FAIL  database" in findings
    else:
        raise AssertionError("it found nothing wrong")
    finally:
        start(database)
