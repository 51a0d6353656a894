"""Tables that a command writes into a page of docs/, between two marks that are comments there."""

from pathlib import Path

from bench.machine import describe


def write_table(document: Path, begin: str, end: str, lines: list[str]) -> None:
    """Put a table between its marks, under the machine and the versions that it was measured with."""
    before, _, rest = document.read_text().partition(begin)
    table = "\n".join([describe(), "", *lines])
    document.write_text(f"{before}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}")
