"""`python -m e2e.faults [words]`: every fault, or those named with the words, as a table; 1 if one fails.

With --write the table goes into docs/delivery.md.
"""

import argparse
import asyncio
import sys

import e2e.environment  # noqa: F401 - settings of its own
from e2e.document import write_table
from e2e.faults.controls import CONTROLS
from e2e.faults.harness import Account
from e2e.faults.scenarios import FAULTS
from e2e.servers import ROOT

HEAD = "| fault | sent | acked | stored | lost | duplicated | reordered | converged | recovery_s | and |"
DOCUMENT = ROOT / "docs" / "delivery.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m e2e.faults", description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = [HEAD, "| --- |" + " --- |" * (HEAD.count("|") - 2)]
    print(*lines, sep="\n", flush=True)
    failed = []
    for name, scenario in (FAULTS | CONTROLS).items():
        if not all(word in name for word in options.words):
            continue
        try:
            account = asyncio.run(scenario())
        except Exception as error:
            account = Account(notes=[f"FAILED: {error!r}"])
        lines.append(f"| {name} | {account.row()} |")
        print(lines[-1], flush=True)
        right = account.lost > 0 if name in CONTROLS else account.is_clean and not account.failures
        if not right:
            failed.append(name)
    if options.write:
        write_table(DOCUMENT, BEGIN, END, lines)
    print(f"\n{len(lines) - 2 - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
