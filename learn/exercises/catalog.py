"""The exercises: what is asked for, out of which demo, where the product does it.

`python -m learn.exercises.catalog` prints the table of docs/learn.md.
"""

from dataclasses import dataclass

from learn.catalog import DEMOS, ROOT


@dataclass(frozen=True)
class Exercise:
    number: int
    name: str
    asks: str  # also the first line of the file
    demo: str
    product: str
    there: str  # what is to be seen in that file

    @property
    def is_http(self) -> bool:
        return self.demo == "sse"

    @property
    def shown(self) -> str:
        """As text on a page, without the marks of Markdown."""
        return self.asks.replace("`", "")

    @property
    def module(self) -> str:
        return f"ex{self.number:02}_{self.name}"

    @property
    def file(self) -> str:
        return f"learn/exercises/{self.module}.py"

    @property
    def solution(self) -> str:
        return f"learn/exercises/solutions/{self.module}.py"

    @property
    def test(self) -> str:
        return f"learn/exercises/ex{self.number:02}_test.py"


EXERCISES = (
    Exercise(
        1,
        "me",
        "`/me waves` is shown as `* Ada waves`.",
        "chat-name",
        "chat/commands.py",
        "which messages are commands",
    ),
    Exercise(
        2,
        "name",
        "Everybody who talks has a name, and a new name is announced to the room.",
        "group-async",
        "chat/renaming/verb.py",
        "where a chosen name is kept, and who hears of it",
    ),
    Exercise(
        3,
        "online",
        "Everybody in a room knows how many are online.",
        "closing",
        "chat/consumers.py",
        "a room is left in a `finally`",
    ),
    Exercise(
        4,
        "binary",
        "Binary frames come back reversed; one that is too long ends the connection.",
        "echo-async",
        "chat/protocol.py",
        "what a frame may hold, and the close codes",
    ),
    Exercise(
        5,
        "private",
        "`/to Bob hello` is heard by Bob alone.",
        "layers",
        "chat/people.py",
        "`whisper_to`, to everybody who is connected under an id",
    ),
    Exercise(
        6,
        "history",
        "A newcomer gets the last ten messages first.",
        "group-async",
        "chat/pages.py",
        "`before`, a page of history",
    ),
    Exercise(
        7,
        "limit",
        "Five messages in ten seconds, and no more.",
        "json-echo",
        "chat/limits.py",
        "a bucket for each person rather than each connection",
    ),
    Exercise(
        8,
        "work",
        "A long task runs in the background and ends with its connection.",
        "ping",
        "chat/writer.py",
        "slow work is handed over, and answered when it is done",
    ),
    Exercise(
        9,
        "resume",
        "A room by Server-Sent Events, resumed where the line broke.",
        "sse",
        "chat/streams.py",
        "the same, of a log that outlives the process",
    ),
    Exercise(
        10,
        "kept",
        "Nothing is lost: what was said has a number, is kept, and is replayed.",
        "databases",
        "chat/counting.py",
        "how a number is taken; chat/log.py reads what comes after one",
    ),
)


def table() -> str:
    lines = [
        "| | what is asked for | grows out of | where the product does it |",
        "| --- | --- | --- | --- |",
    ]
    for exercise in EXERCISES:
        asks = f"[{exercise.asks}](../{exercise.file})"
        demo = f"[{exercise.demo}](../{DEMOS[exercise.demo].file})"
        product = f"[{exercise.product}](../{exercise.product}): {exercise.there}"
        lines.append(f"| {exercise.number} | {asks} | {demo} | {product} |")
    return "\n".join(lines)


def text(exercise: Exercise) -> str:
    """What its file says at the top."""
    return (ROOT / exercise.file).read_text().split('"""')[1].strip()


if __name__ == "__main__":
    print(table())
