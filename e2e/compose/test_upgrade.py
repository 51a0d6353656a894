"""An upgrade from the version before, as docs/operations.md describes it. The old replicas still run when the tables
have changed, so whatever a migration breaks for them shows here."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest

from e2e.compose import before
from e2e.compose.conversation import clean, talking
from e2e.compose.stack import BASE_URL, IMAGE, compose, docker, down, ids, run, up
from e2e.compose.test_operating import found_within, say


@pytest.fixture(scope="module", autouse=True)
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The version before, with a database of its own. The next tests find the image of this version."""
    down()
    try:
        up("--build", folder=before.export(tmp_path_factory.mktemp("upgrade")))
        yield
    finally:
        down()
        compose("build")


@asynccontextmanager
async def looking(path: str) -> AsyncIterator[Counter[int]]:
    """Somebody who loads a page again and again. Yields how often there was which status."""
    statuses: Counter[int] = Counter()

    async def look() -> None:
        async with httpx.AsyncClient(base_url=BASE_URL, timeout=20) as client:
            while True:
                statuses[(await client.get(path)).status_code] += 1
                await asyncio.sleep(0.1)

    task = asyncio.create_task(look())
    try:
        yield statuses
        if task.done():
            task.result()  # raises what ended it
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_an_upgrade_from_the_version_before_replaces_every_replica_under_a_conversation() -> None:
    async with talking() as conversation, looking(f"/chat/{conversation.room}/") as statuses:
        old = set(await asyncio.to_thread(ids, "web"))
        await asyncio.to_thread(run, "deploy/upgrade")
        await conversation.all_have_heard(20)
        new = set(await asyncio.to_thread(ids, "web"))
        assert len(new) == len(old) == 2
        assert not new & old
        account = await clean(conversation, "deploy/upgrade")
        assert account.notes == []  # nobody was refused: a client repeats what an old replica cannot store
        assert set(statuses) == {200}, statuses
        assert conversation.codes == {1012}


def test_it_leaves_nothing_of_the_version_before() -> None:
    image = docker("image", "inspect", "--format", "{{.Id}}", IMAGE)
    running = [*ids("web"), *ids("follow")]
    assert {docker("inspect", "--format", "{{.Image}}", container) for container in running} == {image}
    compose("exec", "-T", "web", "python", "manage.py", "migrate", "--check")


def test_what_is_said_after_it_can_be_found() -> None:
    room = f"room-{uuid4().hex[:8]}"
    say(room, "the treasure is in the attic")
    found_within(room, "treasure", 10)
