"""What a check finds, and how checks are run: side by side, each within its time, none with a traceback."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ops.doctor.asked import Asked


@dataclass(frozen=True, slots=True)
class Finding:
    level: str  # "ok", "warn" or "FAIL"
    what: str
    fix: str = ""

    @property
    def is_fault(self) -> bool:
        return self.level == "FAIL"

    def __str__(self) -> str:
        line = f"{self.level:<4}  {self.what}"
        return f"{line}\n      fix: {self.fix}" if self.fix else line


def ok(what: str) -> Finding:
    return Finding("ok", what)


def warn(what: str, fix: str) -> Finding:
    return Finding("warn", what, fix)


def fail(what: str, fix: str) -> Finding:
    return Finding("FAIL", what, fix)


Check = Callable[[Asked], Iterable[Finding]]


def bounded(checks: list[Check], asked: Asked) -> Iterator[Finding]:
    """The findings of all, in their order. Threads, because a call that hangs can only be left behind."""
    deadline = time.monotonic() + asked.timeout
    running = [_Running(check, asked) for check in checks]
    for each in running:
        each.thread.join(max(0.0, deadline - time.monotonic()))
        yield from list(each.found)
        if each.thread.is_alive():
            yield fail(
                f"{each.topic}: no answer within {asked.timeout:g} s", "See what it waits for, or give --timeout."
            )


class _Running:
    def __init__(self, check: Check, asked: Asked) -> None:
        self.topic = getattr(check, "__name__", "check").replace("_", " ")
        self.found: list[Finding] = []
        self.thread = threading.Thread(target=self._run, args=(check, asked), daemon=True)
        self.thread.start()

    def _run(self, check: Check, asked: Asked) -> None:
        try:
            self.found.extend(check(asked))
        except Exception as error:
            self.found.append(fail(f"{self.topic}: {in_a_line(error)}", "This is a fault of the check: report it."))


def in_a_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
