"""Does the database have the tables of this version? Asked by the doctor, and whenever a server starts."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor


class EarlierVersionError(Exception):
    """The database is of a version from which there is no migration."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        name = connection.settings_dict["NAME"]
        self.what = f"{name} was made by an earlier version and cannot be migrated"
        if connection.vendor == "sqlite":
            move = shlex.join(["mv", str(name), f"{name}.old"])
            self.fix = f"Move it away, and the next start makes a new one: {move}"
        else:
            self.fix = "Give DATABASE_URL a new database; with docker compose, a new volume (docs/operations.md)."
        super().__init__(f"{self.what}. {self.fix}")


@contextmanager
def unpooled() -> Iterator[BaseDatabaseWrapper]:
    """This thread's connection, for a while one without a pool: that would say that it has none, but not why."""
    pooled = connections[DEFAULT_DB_ALIAS]
    connection = connections[DEFAULT_DB_ALIAS] = pooled.copy()  # some of Django's queries ask for it by its alias
    connection.settings_dict["OPTIONS"].pop("pool", None)
    try:
        yield connection
    finally:
        connection.close()
        connections[DEFAULT_DB_ALIAS] = pooled


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations that are not applied, as `app.name`.

    Raises EarlierVersionError, and OperationalError if the database does not answer.
    """
    executor = MigrationExecutor(connection)
    try:
        executor.loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        raise EarlierVersionError(connection) from error
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
