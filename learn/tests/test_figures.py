"""The figures in learn/figures.py are those that were measured."""

import re
from pathlib import Path

from learn import figures

ROOT = Path(__file__).parents[2]
RESULTS = (ROOT / "bench" / "RESULTS.md").read_text()
DELIVERY = (ROOT / "docs" / "delivery.md").read_text().partition("<!-- end of table -->")[0]


def cells(text: str, row: str) -> list[str]:
    """Of the first row that begins so, without its name."""
    found = re.search(rf"^\| {re.escape(row)} \| (.*) \|$", text, re.MULTILINE)
    assert found, row
    return found[1].split(" | ")


def is_rounded(shown: str, measured: str) -> bool:
    digits = len(shown.partition(".")[2])
    return abs(float(shown) - float(measured)) <= 0.5001 * 10**-digits


def test_a_delivery_costs_what_the_bench_has_measured() -> None:
    product = cells(RESULTS, "this product")
    assert is_rounded(figures.TUTORIAL, cells(RESULTS, "Channels tutorial on Daphne, channels_redis.core")[0])
    assert is_rounded(figures.ON_DAPHNE, cells(RESULTS, "this product on Daphne")[0])
    assert is_rounded(figures.ON_UVICORN, product[0])
    assert is_rounded(figures.FIFTY_WRITING, product[2])


def test_as_many_were_lost_as_the_faults_have_counted() -> None:
    lost = 3
    tutorial = "control: the tutorial's consumer"
    assert int(cells(DELIVERY, f"{tutorial}, a 2 s cut")[lost]) == figures.LOST_IN_A_CUT
    assert int(cells(DELIVERY, f"{tutorial}, kill -9 of one of two")[lost]) == figures.LOST_IN_A_KILL
    rows = re.findall(r"^\| (?!fault|---|control)(.*) \|$", DELIVERY, re.MULTILINE)
    assert len(rows) == figures.FAULTS
    assert {row.split(" | ")[lost + 1] for row in rows} == {"0"}
