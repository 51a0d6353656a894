"""`python -m e2e.abuse [words]`: every attack, or those named with the words, as a table; 1 if one succeeds.

With --learn the server has the classroom beside the rooms, and it is attacked there too.
With --write the table goes into docs/abuse.md.
"""

import argparse
import asyncio
import sys

import e2e.environment  # noqa: F401 - settings of its own
from e2e.abuse.classroom_rows import ALL
from e2e.abuse.harness import CONTROLS, OURS, Ground, Outcome, attacked, standing
from e2e.abuse.innocents import Waited
from e2e.abuse.lines import Tally
from e2e.abuse.rows import ROWS
from e2e.document import write_table
from e2e.servers import ROOT

COLUMNS = (
    "attack", "sent", "answered", "ack before", "page before", "probe before", "ack during", "page during",
    "probe during", "memory", "threads", "lost", "held", *CONTROLS, "and",
)  # fmt: skip
DOCUMENT = ROOT / "docs" / "abuse.md"


async def table(options: argparse.Namespace) -> tuple[list[str], int]:
    """Prints each row when it is there. Returns them, and how many failed."""
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- |" + " --- |" * (len(COLUMNS) - 1)]
    print(*lines, sep="\n", flush=True)
    failed = attacks = caught = harmed = 0
    async with standing(options.database, learn=options.learn) as ground:
        for name in options.names:
            outcome = await outcome_of(ground, name, OURS)
            others = [await outcome_of(ground, name, control) for control in controls_of(name, options)]
            lines.append(line(name, outcome, others))
            print(lines[-1], flush=True)
            failed += bool(outcome.problems)
            attacks += bool(others)
            caught += any(other.problems for other in others)
            harmed += any(other.harm for other in others)
    if attacks:
        lines += ["", f"A control fails in {caught} of {attacks} attacks, in {harmed} of them at others' cost."]
        print(*lines[-2:], sep="\n")
        failed += caught * 2 < attacks
    return lines, failed


def controls_of(name: str, options: argparse.Namespace) -> tuple[str, ...]:
    """With the classroom only those of attacks on it: the others have theirs without it."""
    row = ALL[name]
    if options.no_controls or row.is_honest or (options.learn and not row.in_classroom):
        return ()
    return CONTROLS[:1] if row.in_classroom else CONTROLS  # the tutorial has no classroom


async def outcome_of(ground: Ground, name: str, kind: str) -> Outcome:
    try:
        return await attacked(ground, name, kind)
    except Exception as error:
        return Outcome(Waited(), Waited(), Tally(), 0, 0, 0, harm=[f"FAILED: {error!r}"])


def line(name: str, outcome: Outcome, others: list[Outcome]) -> str:
    controls = [f"fails: {other.problems[0]}" if other.problems else "holds" for other in others]
    controls += [""] * (len(CONTROLS) - len(controls))
    notes = [*outcome.problems, *outcome.tally.notes]
    cells = [name, outcome.row(), "**no**" if outcome.problems else "yes", *controls, "; ".join(notes)]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e.abuse", description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite", help="postgres: with Redis")
    parser.add_argument("--learn", action="store_true", help="with LEARN=1: attacks on the classroom too")
    parser.add_argument("--no-controls", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = ALL if options.learn else ROWS
    options.names = [name for name in rows if not options.words or any(word in name for word in options.words)]
    if not options.names:
        parser.error(f"no attack is called so: {', '.join(options.words)}")
    lines, failed = asyncio.run(table(options))
    if options.write:
        part = options.database + " with the classroom" * options.learn
        write_table(DOCUMENT, f"<!-- {part} -->", f"<!-- end of {part} -->", lines)
    print(f"\n{failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
