"""Any number of values in one parameter of a query. SQLite takes 32,766 parameters, and each costs the planner time."""

import json
from collections.abc import Collection

from django.db import connection
from django.db.models.expressions import RawSQL


def among(values: Collection[int] | Collection[str]) -> RawSQL | list[int]:
    """What `field__in` compares a column with."""
    if not values:
        return []
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps([*values])])
    texts = isinstance(next(iter(values)), str)
    return RawSQL("SELECT unnest(%s::text[])" if texts else "SELECT unnest(%s::bigint[])", [[*values]])  # noqa: S611
