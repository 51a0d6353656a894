"""`python -m e2e.abuse [words]`: every attack, or those named with the words, as a table; 1 if one succeeds.

With --write the table goes into docs/abuse.md.
"""

import argparse
import asyncio
import sys

import e2e.environment  # noqa: F401 - settings of its own
from bench.machine import describe
from e2e.abuse.harness import CONTROLS, OURS, Ground, attacked, standing
from e2e.abuse.rows import ROWS
from e2e.servers import ROOT

COLUMNS = (
    "attack", "sent", "answered", "ack before", "page before", "ack during", "page during", "memory", "threads",
    "lost", "held", *CONTROLS, "and",
)  # fmt: skip
DOCUMENT = ROOT / "docs" / "abuse.md"


async def table(options: argparse.Namespace) -> tuple[list[str], int]:
    """Prints each row when it is there. Returns them, and how many failed."""
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- |" * 1 + " --- |" * (len(COLUMNS) - 1)]
    print(*lines, sep="\n", flush=True)
    failed, attacks, caught = 0, 0, 0
    async with standing(options.database) as ground:
        for name in ROWS:
            if not all(word in name for word in options.words):
                continue
            line, held, controls = await one(ground, name, with_controls=not options.no_controls)
            lines.append(line)
            print(line, flush=True)
            failed += not held
            if controls:
                attacks, caught = attacks + 1, caught + (False in controls)
    if attacks:
        lines += ["", f"A control fails in {caught} of {attacks} attacks."]
        print(*lines[-2:], sep="\n")
        failed += caught * 2 < attacks
    return lines, failed


async def one(ground: Ground, name: str, *, with_controls: bool) -> tuple[str, bool, list[bool]]:
    """The row of the table, whether it held, and whether each control did."""
    try:
        outcome = await attacked(ground, name, OURS)
    except Exception as error:
        return f"| {name} | FAILED: {error!r} |", False, []
    held, cells = [], []
    for control in CONTROLS if with_controls and not ROWS[name].is_honest else ():
        try:
            problems = (await attacked(ground, name, control)).problems
        except Exception as error:
            problems = [repr(error)]
        held.append(not problems)
        cells.append("fails: " + problems[0] if problems else "holds")
    cells = cells or [""] * len(CONTROLS)
    notes = [*outcome.problems, *outcome.tally.notes]
    cells = [name, outcome.row(), "yes" if outcome.held else "**no**", *cells, "; ".join(notes)]
    return f"| {' | '.join(cells)} |", outcome.held, held


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e.abuse", description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite", help="postgres: with Redis")
    parser.add_argument("--no-controls", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines, failed = asyncio.run(table(options))
    if options.write:
        begin, end = f"<!-- {options.database} -->", f"<!-- end of {options.database} -->"
        before, _, rest = DOCUMENT.read_text().partition(begin)
        written = "\n".join([describe(), "", *lines])
        DOCUMENT.write_text(f"{before}{begin}\n\n{written}\n\n{end}{rest.partition(end)[2]}")
    print(f"\n{failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
