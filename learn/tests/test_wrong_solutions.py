"""Solutions that look right and are not: the test of the exercise says so."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES


@dataclass(frozen=True)
class Wrong:
    number: int
    mistake: str
    fails: str  # part of the name of the test that has to fail
    right: str  # what of the solution is replaced
    wrong: str


WRONG = (
    Wrong(
        3,
        "whoever is cancelled while connecting stays in the group",
        "cancelled_while_connecting",
        '        self.room_group_name = f"ex03.{self.room_name}"\n'
        "        self.online[self.room_group_name] += 1\n"
        "        await self.channel_layer.group_add(self.room_group_name, self.channel_name)\n",
        '        group = f"ex03.{self.room_name}"\n'
        "        await self.channel_layer.group_add(group, self.channel_name)\n"
        "        self.room_group_name = group\n"
        "        self.online[self.room_group_name] += 1\n",
    ),
    Wrong(
        6,
        "the history is read message by message while it grows",
        "during_the_replay",
        "        before = list(self.history.get(self.room_name, ()))\n"
        "        await self.accept()\n"
        "        for message in before:\n"
        '            await self.chat_message({"message": message})\n',
        "        await self.accept()\n"
        "        position = 0\n"
        "        while position < len(self.history.get(self.room_name, ())):\n"
        '            await self.chat_message({"message": self.history[self.room_name][position]})\n'
        "            position += 1\n",
    ),
    Wrong(
        6,
        "the group is joined after the replay",
        "during_the_replay",
        "        await self.channel_layer.group_add(self.room_group_name, self.channel_name)\n"
        "        # A copy, at once: what is said while it is sent comes by the group.\n"
        "        before = list(self.history.get(self.room_name, ()))\n"
        "        await self.accept()\n"
        "        for message in before:\n"
        '            await self.chat_message({"message": message})\n',
        "        before = list(self.history.get(self.room_name, ()))\n"
        "        await self.accept()\n"
        "        for message in before:\n"
        '            await self.chat_message({"message": message})\n'
        "        await self.channel_layer.group_add(self.room_group_name, self.channel_name)\n",
    ),
    Wrong(
        7,
        "the wait is rounded down",
        "as_long_as_it_says",
        "            return self.said_at[0] + SECONDS - now\n",
        "            return max(1, round(self.said_at[0] + SECONDS - now))\n",
    ),
    Wrong(
        8,
        "the task is cancelled in disconnect, which an exception does not call",
        "after_an_exception",
        "    async def __call__(self, scope, receive, send):\n"
        "        try:\n"
        "            await super().__call__(scope, receive, send)\n"
        "        finally:  # after an exception too, when disconnect() is not called\n"
        "            if self.working:\n"
        "                self.working.cancel()\n",
        "    async def disconnect(self, close_code):\n        if self.working:\n            self.working.cancel()\n",
    ),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.number}: {wrong.mistake}")
def test_a_wrong_solution_is_found_out(wrong: Wrong, tmp_path: Path) -> None:
    exercise = EXERCISES[wrong.number - 1]
    solution = (ROOT / exercise.solution).read_text()
    assert wrong.right in solution
    (tmp_path / f"{exercise.module}.py").write_text(solution.replace(wrong.right, wrong.wrong))
    environment = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-rf", "-p", "no:cacheprovider", str(ROOT / exercise.test)]
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=environment | {"EXERCISES_IN": str(tmp_path), "PATIENCE": "0.5"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    failed = [line for line in run.stdout.splitlines() if line.startswith("FAILED")]
    assert failed, run.stdout
    assert all(wrong.fails in line for line in failed), run.stdout
