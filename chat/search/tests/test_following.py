"""The index is what the log says, whoever is killed while it is made."""

import os
import signal
from collections.abc import Iterator
from threading import enumerate as threads
from uuid import uuid4

import pytest

from chat import follower
from chat.identity import Identity
from chat.posting import commit
from chat.search.finding import find
from chat.search.indexing import Indexer
from chat.search.query import parse
from chat.search.tests import indexing_process
from chat.tests.elsewhere import Elsewhere, is_up_to_date, until, who_did_each_once
from chat.verbs import Delete, Edit, Say

CHANGES = int(os.environ.get("SEARCH_CHANGES", "1500"))  # 10,000 take a minute or more


def test_two_index_at_once_one_is_killed_in_a_step_and_one_from_outside_and_all_is_found_once(
    elsewhere: Elsewhere,
) -> None:
    in_a_step, outside = [elsewhere.start(indexing_process, "follow", *how) for how in (("store", "3"), ())]
    for process in (in_a_step, outside):
        elsewhere.says(process, "following")
    writing = elsewhere.start(indexing_process, "write", str(CHANGES))
    assert in_a_step.wait(60) == -signal.SIGKILL
    until(lambda: elsewhere.ask(f"SELECT COUNT(*) FROM effect WHERE worker = {outside.pid}")[0][0] > CHANGES / 10)
    outside.kill()
    assert outside.wait(10) == -signal.SIGKILL
    last = [elsewhere.start(indexing_process, "follow") for _ in range(2)]
    for process in last:
        elsewhere.says(process, "following")
        until(lambda: elsewhere.ask(f"SELECT 1 FROM effect WHERE worker = {process.pid}"))  # noqa: B023
    writing.send_signal(signal.SIGTERM)

    assert writing.wait(120) == 0
    until(lambda: is_up_to_date(elsewhere), seconds=120)
    for process in last:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert who_did_each_once(elsewhere) == {process.pid for process in (in_a_step, outside, *last)}
    comparing = elsewhere.start(indexing_process, "compare")
    assert comparing.wait(120) == 0, elsewhere.output(elsewhere.processes.index(comparing)).read_text()


@pytest.fixture
def following(transactional_db: None) -> Iterator[None]:
    """As it runs inside the server, at its own pace."""
    stop = follower.in_thread([Indexer()])
    assert stop
    yield
    stop.set()
    until(lambda: "follow" not in [thread.name for thread in threads()])


def test_what_is_said_edited_and_deleted_is_found_as_it_is_at_the_next_look(following: None, ada: Identity) -> None:
    def found(query: str) -> list[str]:
        return [hit.text for hit in find(parse(query), ada).hits]

    assert follower.LOOK_EVERY <= 1, "with a second for the step, two seconds"
    commit([Say("lobby", ada, "the kettle", uuid4())])
    until(lambda: found("kettle") == ["the kettle"])
    commit([Edit("lobby", ada, 1, "the teapot")])
    until(lambda: found("teapot") == ["the teapot"])
    assert found("kettle") == []
    commit([Delete("lobby", ada, 1)])
    until(lambda: found("teapot") == [])
