"""`make exercise`: the list; with a number, what is asked for, and is it done?"""

import os
import sys

import pytest

from learn.catalog import ROOT
from learn.exercises.catalog import EXERCISES, Exercise, text


def main(number: str) -> int:
    if not number:
        for exercise in EXERCISES:
            print(f"{exercise.number:3}  {exercise.asks}")
        print("\nmake exercise N=1 says what the first one asks for, and tests it.")
        return 0
    exercise = next((e for e in EXERCISES if number == str(e.number)), None)
    if not exercise:
        last = len(EXERCISES)
        print(f"There is no exercise {number}; they are 1 to {last}.", file=sys.stderr)
        return 2
    return run(exercise)


def run(exercise: Exercise) -> int:
    file = exercise.solution if os.environ.get("SOLVED") else exercise.file
    print(f"{file}\n\n{text(exercise)}\n", flush=True)
    shown = ["-q", "--tb=short", "--no-header", "-o", "verbosity_assertions=2"]
    return pytest.main([*shown, str(ROOT / exercise.test)])


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:])))
