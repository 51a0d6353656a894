"""Writes share one thread, and messages do not wait for all the others that wait for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from chat.database import InTurn


def test_what_is_handed_over_in_turn_goes_behind_what_comes_directly() -> None:
    done: list[str] = []
    begun, go_on = Event(), Event()

    def first() -> None:
        begun.set()
        go_on.wait()
        done.append("first")

    with ThreadPoolExecutor(max_workers=1) as thread:
        in_turn = InTurn(thread)
        others = [in_turn.submit(first)] + [in_turn.submit(done.append, f"other {n}") for n in range(3)]
        begun.wait()
        message = thread.submit(done.append, "message")
        go_on.set()
        message.result()
        for other in others:
            other.result()
    assert done == ["first", "message", "other 0", "other 1", "other 2"]
