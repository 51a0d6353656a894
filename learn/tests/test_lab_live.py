"""The lab while it runs: faults at a click, a sandbox for each visitor, its bounds, and nothing that is left of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Self

import pytest
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.apps import apps

from conftest import HOST
from learn import routing
from learn.lab import live, run as sandboxes, visit
from learn.lab.faults import FAULTS
from learn.lab.ground import IN_MEMORY
from learn.lab.live import RefusedError, Sandbox
from learn.lab.outcome import WORDS
from learn.lab.reader import Reader
from learn.lab.visit import LabConsumer

SETTLE = 0.3  # seconds

# Of the six words said after the click: what the tutorial's Bo, and Ann, hear of them.
HEARD: dict[str, tuple[dict[int, str], dict[int, str]]] = {
    "cut": ({1: "lost", 2: "lost", 3: "lost"}, {}),
    "drop": ({1: "lost"}, {}),
    "delay": ({1: "order"}, {}),
    "twice": ({1: "twice"}, {}),
    "swap": ({1: "order"}, {}),
    "away": ({1: "lost", 2: "lost", 3: "lost"}, {1: "lost", 2: "lost", 3: "lost"}),
    "exception": ({1: "lost", 2: "lost", 3: "lost"}, {}),
    "slow": ({1: "late", 2: "late", 3: "heard"}, {}),  # three words are not too many, and the last is the newest
    "ack": ({1: "twice"}, {1: "twice"}),
    "death": ({1: "lost", 2: "lost", 3: "lost"}, {}),
}


@pytest.fixture(autouse=True)
def any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RATE", 1000)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    await sandbox.start()
    yield sandbox
    await sandbox.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - of what nobody announces
            await asyncio.sleep(0.01)


class Watched:
    """A sandbox whose faults last until the test says so."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.sandbox = Sandbox(lambda seconds: self.over.wait())
        self.count = 0

    async def __aenter__(self) -> Self:
        await self.sandbox.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sandbox.close()

    async def click(self, fault: str) -> None:
        self.over.clear()
        self.sandbox.break_it(fault)
        await asyncio.sleep(SETTLE)  # for what begins with it

    async def ends(self) -> None:
        await asyncio.sleep(SETTLE)  # whose connection fails has noticed it
        self.over.set()
        await until(lambda: not self.sandbox.fault)

    async def say(self, *heard_by: Reader) -> None:
        """A word, and those who hear it have heard it before the next one is said."""
        self.count += 1
        await self.sandbox.say(WORDS[(self.count - 1) % len(WORDS)])
        for reader in heard_by:
            await until(partial(self._has_heard, reader))

    def _has_heard(self, reader: Reader) -> bool:
        return self.count in reader.numbers()

    def readers(self, lane: str) -> tuple[Reader, Reader]:
        return self.sandbox.lanes[lane].ann, self.sandbox.lanes[lane].bo

    def outcomes(self, lane: str) -> list[list[str]]:
        return [reader.outcomes(self.count) for reader in self.readers(lane)]


async def clicked(fault: str) -> Watched:
    """A click, three words while the fault lasts, and three more."""
    bo_misses, ann_misses = HEARD[fault]
    late = {number for number, kind in bo_misses.items() if kind in ("late", "heard")}
    async with Watched() as watched:
        (ann, bo), (product_ann, product_bo) = watched.readers("tutorial"), watched.readers("product")
        await watched.click(fault)
        for number in range(1, 7):
            hear = [reader for reader, misses in ((ann, ann_misses), (bo, bo_misses)) if number not in misses]
            await watched.say(product_ann, *hear)
            if number == 3:
                await watched.ends()
                await until(lambda: late <= set(bo.numbers()))
        await until(lambda: len(set(product_bo.numbers())) == 6)
        await asyncio.sleep(SETTLE)  # for what must not come any more
    return watched


async def test_a_fault_at_a_click_does_what_it_is_said_to_do() -> None:
    ended = dict(zip(FAULTS, await asyncio.gather(*map(clicked, FAULTS)), strict=True))
    for fault, watched in ended.items():
        bo, ann = HEARD[fault]
        expected = [[changed.get(number, "heard") for number in range(1, 7)] for changed in (ann, bo)]
        assert watched.outcomes("tutorial") == expected, fault
        product_ann, product_bo = watched.outcomes("product")
        assert product_ann == ["heard"] * 6, fault
        assert set(product_bo) <= {"heard", "late"}, fault
        assert watched.sandbox.state()["reads"]["product"] == " ".join(WORDS[:6]), fault
        assert watched.sandbox.state()["lost"]["product"] == 0, fault


async def test_of_many_words_a_slow_reader_hears_what_fits() -> None:
    async with Watched() as watched:
        ann, bo = watched.readers("tutorial")
        await watched.click("slow")
        for _ in range(6):
            await watched.say(ann)
        await watched.ends()
        await until(lambda: len(bo.numbers()) == 3)
        await asyncio.sleep(SETTLE)
        assert bo.outcomes(6) == ["late"] * 3 + ["lost"] * 3
        assert watched.readers("product")[1].numbers() == [1, 2, 3, 4, 5, 6]


async def test_after_each_fault_the_next_one_finds_everybody_there() -> None:
    async with Watched() as watched:
        everybody = [*watched.readers("tutorial"), *watched.readers("product")]
        for fault in FAULTS:
            await watched.click(fault)
            for _ in range(4):
                await watched.say(everybody[2])
            await watched.ends()
        for _ in range(4):
            await watched.say(*everybody)
        for lane in ("tutorial", "product"):
            assert [outcomes[-4:] for outcomes in watched.outcomes(lane)] == [["heard"] * 4] * 2
        assert watched.sandbox.state()["lost"]["product"] == 0


async def test_one_fault_at_a_time(sandbox: Sandbox) -> None:
    sandbox.break_it("cut")
    with pytest.raises(RefusedError, match="One fault"):
        sandbox.break_it("drop")
    with pytest.raises(RefusedError, match="no such fault"):
        sandbox.break_it("war")


async def test_words_are_bounded_in_pace_and_number(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MESSAGES_MAX", 3)
    for _ in range(3):
        await sandbox.say("word")
    with pytest.raises(RefusedError, match="has had its 3 words"):
        await sandbox.say("word")


async def test_ten_words_a_second_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "RATE", 10)
    sandbox = Sandbox()
    await sandbox.start()
    for _ in range(10):
        await sandbox.say("word")
    with pytest.raises(RefusedError, match="10 words a second"):
        await sandbox.say("word")
    await sandbox.close()


Open = Callable[..., Awaitable[WebsocketCommunicator]]


@pytest.fixture
async def opened(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens pages of the visitors named; at last they are closed."""
    sockets = []

    async def visitor(scope: dict[str, Any]) -> Any:
        return type("Named", (), {"id": scope["named"]})

    monkeypatch.setattr(visit, "visitor", visitor)

    async def opened(name: str) -> WebsocketCommunicator:
        socket = WebsocketCommunicator(LabConsumer.as_asgi(), "/ws/learn/failures/", [HOST])
        socket.scope["named"] = name
        sockets.append(socket)
        assert (await socket.connect(timeout=5))[0]
        return socket

    yield opened
    for socket in sockets:
        await socket.disconnect(timeout=5)
    assert not visit._visits
    await until(lambda: not sandboxes._in_use)


async def test_all_pages_of_a_visitor_see_the_same_sandbox(opened: Open) -> None:
    one, other = await opened("Ada"), await opened("Ada")
    await one.receive_json_from()
    await one.send_json_to({"say": "hello"})
    async with asyncio.timeout(5):
        while (state := await other.receive_json_from())["reads"]["product"] != "hello":
            pass
    assert state["words"] == [[1, "hello"]]


async def test_another_visitor_has_another_sandbox(opened: Open) -> None:
    ada, bob = await opened("Ada"), await opened("Bob")
    await ada.receive_json_from()
    await ada.send_json_to({"say": "hello"})
    assert (await bob.receive_json_from())["words"] == []
    assert await bob.receive_nothing(0.3)


async def test_a_page_that_is_loaded_again_gets_a_new_sandbox(opened: Open) -> None:
    page = await opened("Ada")
    await page.receive_json_from()
    await page.send_json_to({"say": "hello"})
    await page.receive_json_from()
    await page.disconnect()
    again = await opened("Ada")
    assert (await again.receive_json_from())["words"] == []


async def test_a_visitor_has_eight_pages(opened: Open) -> None:
    for _ in range(live.PAGES_MAX):
        await (await opened("Ada")).receive_json_from()
    ninth = await opened("Ada")
    assert "at most 8 pages" in (await ninth.receive_json_from())["text"]
    assert (await ninth.receive_output())["code"] == visit.TOO_MANY


async def test_there_are_five_sandboxes_of_all_kinds(opened: Open) -> None:
    for number in range(IN_MEMORY.sandboxes):
        await (await opened(f"visitor {number}")).receive_json_from()
    sixth = await opened("one more")
    assert "All sandboxes are in use" in (await sixth.receive_json_from())["text"]
    assert (await sixth.receive_output())["code"] == visit.TOO_MANY
    with pytest.raises(sandboxes.Full):
        await sandboxes.run("drop")


async def test_a_sandbox_ends_after_its_time(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "SECONDS_MAX", 0.3)
    page = await opened("Ada")
    await page.receive_json_from()
    assert "are over" in (await page.receive_json_from())["text"]
    assert (await page.receive_output())["code"] == visit.OVER


@pytest.mark.parametrize("frame", ["no JSON", "[]", '{"say": ""}', '{"say": 7}', '{"fault": "war"}'])
async def test_nonsense_is_answered_or_ignored(opened: Open, frame: str) -> None:
    page = await opened("Ada")
    await page.receive_json_from()
    await page.send_to(frame)
    await page.send_json_to({"say": "hello"})
    async with asyncio.timeout(5):
        while (await page.receive_json_from()).get("words") != [[1, "hello"]]:
            pass


async def test_nothing_is_left_of_it(opened: Open) -> None:
    before = len(asyncio.all_tasks())
    page = await opened("Ada")
    await page.receive_json_from()
    await page.send_json_to({"sentence": True})
    for fault in ("cut", "away"):
        await page.send_json_to({"fault": fault})
    await asyncio.sleep(0.2)
    await page.disconnect(timeout=5)
    await until(lambda: not sandboxes._in_use)
    assert len(asyncio.all_tasks()) == before
    assert not [alias for alias in channel_layers.backends if alias.startswith("lab-")]
    rows = {model._meta.label: await model.objects.acount() for model in apps.get_models()}
    assert not {label for label, count in rows.items() if count} - {"contenttypes.ContentType", "auth.Permission"}


def test_without_debug_there_is_no_sandbox() -> None:
    assert not [each for each in routing.websocket_urlpatterns if "failures" in str(each.pattern)]


async def test_many_words_cost_little(sandbox: Sandbox) -> None:
    """The state of a sandbox is made ten times a second: 500 words of it within a few milliseconds."""
    for number in range(live.MESSAGES_MAX):
        sandbox._words.append(("word", 0.0))
        for lane in sandbox.lanes.values():
            lane.ann.heard.append((number + 1, number + 1))
            lane.bo.heard.append((number + 1, number + 1))
    begun = time.process_time()
    assert sandbox.state()["lost"] == {"tutorial": 0, "product": 0}
    assert time.process_time() - begun < 0.02
