"""By which indexes a database answers: taken from the plan of each query, on SQLite and on PostgreSQL."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection

INDEX = re.compile(r"(?:INDEX|Scan using|Backward using|Bitmap Index Scan on) ([a-z]\w+)")
WHOLE = re.compile(r"(?:SCAN|Seq Scan on) (chat_\w+)(?!.* USING)")
SORT = re.compile(r"TEMP B-TREE FOR ORDER BY|\bSort\b")


def used(what: Callable[[], object]) -> str:
    """The indexes, then the tables that are read from one end to the other, and whether rows are sorted."""
    indexes, others = set[str](), set[str]()

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        query_plan = " QUERY PLAN" if connection.vendor == "sqlite" else ""
        execute(f"EXPLAIN{query_plan} {sql}", params, many, context)
        for row in context["cursor"].fetchall():
            line = str(row[-1])
            indexes.update(INDEX.findall(line))
            others.update(f"all of {table}" for table in WHOLE.findall(line))
            others.update(["a sort"] if SORT.search(line) else [])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        what()
    return ", ".join([*sorted(indexes), *sorted(others)])
