"""`python -m bench.markdown`: how long the worst texts take to render, beside the marks of 5 ms, and 20 with code.

CPU time, the best of five: what a busy machine adds is not the renderer's.
"""

import sys
from collections.abc import Sequence
from time import thread_time

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from chat import markdown
from chat.tests import adversarial
from chat.tests.markdown_corpus import MOST, pairs

ROUNDS = 5
SHOWN = 5


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begun = thread_time()
        markdown.rendered(text, MOST)
        best = min(best, thread_time() - begun)
    return best


def measured(title: str, texts: Sequence[str], most: float) -> bool:
    taken = sorted(((seconds(text), text) for text in texts), reverse=True)
    print(f"\n{title}: {len(taken)} texts, the slowest {taken[0][0] * 1000:.2f} ms of at most {most * 1000:.0f}")
    for each, text in taken[:SHOWN]:
        print(f"{each * 1000:8.2f} ms  {text[:40]!r}")
    return taken[0][0] <= most


def main() -> int:
    print(describe())
    ordinary = measured("ordinary texts", [text for text, _ in pairs()], 0.005)
    hostile = measured("hostile texts", adversarial.texts(), 0.005)
    fenced = measured("hostile code", adversarial.fenced(), 0.020)
    return 0 if ordinary and hostile and fenced else 1


if __name__ == "__main__":
    sys.exit(main())
