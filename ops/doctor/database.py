"""The database: does it answer, how fast, is it migrated, does its clock agree?"""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from ops import schema
from ops.doctor.asked import Asked
from ops.doctor.finding import Finding, fail, in_a_line, ok, warn

SLOW_MS = 20.0  # for an empty query; a batch of messages takes a few of them
CLOCK_WARN, CLOCK_FAIL = 3.0, 30.0  # seconds


def database(asked: Asked) -> Iterator[Finding]:
    try:
        with schema.unpooled() as connection:
            yield from _looked_at(connection, asked)
    except DatabaseError as error:
        yield fail(f"database: {in_a_line(error)}", "Start it, and compare its address and password with DATABASE_URL.")


def _looked_at(connection: BaseDatabaseWrapper, asked: Asked) -> Iterator[Finding]:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        yield fail(f"database: {connection.settings_dict['NAME']} does not exist", "python manage.py migrate")
        return
    ms = median(_round_trip(connection) for _ in range(5))
    version = ".".join(map(str, connection.get_database_version()))
    text = f"database: {connection.display_name} {version} answers in {ms:.1f} ms"
    yield ok(text) if ms < SLOW_MS else warn(text, "Bring it nearer: every batch of messages waits for it.")
    yield _migrations(connection)
    if connection.vendor == "postgresql":
        yield _clock(connection)
        yield _room(connection, asked.processes)


def _asked(connection: BaseDatabaseWrapper, query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _round_trip(connection: BaseDatabaseWrapper) -> float:
    connection.ensure_connection()
    begun = time.perf_counter()
    _asked(connection, "SELECT 1")
    return (time.perf_counter() - begun) * 1000


def _migrations(connection: BaseDatabaseWrapper) -> Finding:
    try:
        missing = schema.missing(connection)
    except schema.EarlierVersionError as error:
        return fail(f"migrations: {error.what}", error.fix)
    if not missing:
        return ok("migrations: all are applied")
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return fail(f"migrations: not applied: {', '.join(missing[:3])}{more}", "python manage.py migrate")


def _clock(connection: BaseDatabaseWrapper) -> Finding:
    begun = timezone.now()
    there = _asked(connection, "SELECT clock_timestamp()")
    return clock("the database's", there - begun - (timezone.now() - begun) / 2)


def clock(whose: str, ahead: timedelta) -> Finding:
    seconds = ahead.total_seconds()
    if abs(seconds) <= CLOCK_WARN:
        return ok(f"clock: agrees with {whose}")
    what = f"clock: {whose} is {abs(seconds):,.0f} s {'ahead of' if seconds > 0 else 'behind'} this machine's"
    return (fail if abs(seconds) > CLOCK_FAIL else warn)(
        what, "Let every machine take its time from the network (NTP)."
    )


def _room(connection: BaseDatabaseWrapper, processes: int) -> Finding:
    limit = int(_asked(connection, "SHOW max_connections"))
    most = processes * settings.DATABASE["OPTIONS"]["pool"]["max_size"]
    what = f"connections: {processes} process{'es' if processes > 1 else ''} may take {most} of {limit}"
    return ok(what) if most < limit else warn(what, "Raise max_connections of PostgreSQL.")
