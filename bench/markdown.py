"""`python -m bench.markdown`: how long the worst texts take to render, beside the marks of 5 ms, and 20 with code.

Random texts are those of `chat/tests/test_markdown.py`, and fewer that are as long as a message may be. CPU time; those
that took longest are measured again, and the best of five counts: what a busy machine adds is not the renderer's.
"""

import argparse
import sys
from collections.abc import Sequence
from time import thread_time

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from chat import markdown
from chat.tests import adversarial
from chat.tests.adversarial import LENGTH
from chat.tests.markdown_corpus import MOST, pairs
from chat.tests.random_texts import random_texts

RANDOM = 30_000
TOKENS_MAX = 1500  # of a long one: more than 4,000 characters now and then
ROUNDS = 5
AGAIN = 100  # texts
SHOWN = 5


def seconds(text: str) -> float:
    begun = thread_time()
    markdown.rendered(text, MOST)
    return thread_time() - begun


def measured(title: str, texts: Sequence[str], most: float) -> bool:
    once = sorted(((seconds(text), text) for text in texts), reverse=True)
    again = ((min(seconds(text) for _ in range(ROUNDS)), text) for _, text in once[:AGAIN])
    taken = sorted(again, reverse=True)
    print(f"\n{title}: {len(once):,} texts, the slowest {taken[0][0] * 1000:.2f} ms of at most {most * 1000:.0f}")
    for each, text in taken[:SHOWN]:
        print(f"{each * 1000:8.2f} ms  {text[:40]!r}")
    return taken[0][0] <= most


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.markdown", description=__doc__)
    parser.add_argument("--random", type=int, default=RANDOM, help="so many random texts")
    count = parser.parse_args().random
    print(describe())
    held = [
        measured("ordinary texts", [text for text, _ in pairs()], 0.005),
        measured("hostile texts", adversarial.texts(), 0.005),
        measured("hostile code", adversarial.fenced(), 0.020),
        measured("random texts", [*random_texts(count)], 0.005),
        measured("long random texts", [text[:LENGTH] for text in random_texts(count // 10, TOKENS_MAX)], 0.005),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
