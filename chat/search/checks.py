"""A migration that alters `search_entry` makes the table anew in SQLite, and its triggers vanish without a word."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

TRIGGERS = {"search_entry_added", "search_entry_removed", "search_entry_changed"}


@register(Tags.database)
def triggers(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    connection = connections["default"]
    if connection.vendor != "sqlite" or "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        if "search_entry" not in connection.introspection.table_names(cursor):
            return []
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'search_entry'")
        missing = TRIGGERS - {name for (name,) in cursor.fetchall()}
    hint = "Undo and do again the last migration of `search`, then run `manage.py reindex`."
    return [Error(f"The search index misses {name}.", hint=hint, id="search.E001") for name in sorted(missing)]
